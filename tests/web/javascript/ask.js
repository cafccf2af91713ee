// node ask.js ENDPOINT QUERY: as JSON, solutions (a list of objects), triples (a list of lists), a
// truth value, or null for an update.
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const options = { sources: [{ type: "sparql", value: endpoint }] };
const engine = new QueryEngine();
const result = await engine.query(query, options);

async function read() {
  if (result.resultType === "boolean") return result.execute();
  const stream = await result.execute();
  if (result.resultType === "void") return null;
  const items = await stream.toArray();
  if (result.resultType === "quads") {
    return items.map((quad) => [quad.subject.value, quad.predicate.value, quad.object.value]);
  }
  return items.map((row) =>
    Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value])),
  );
}

console.log(JSON.stringify(await read()));
