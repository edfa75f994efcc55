// A source map as Mozilla's source-map, @jridgewell/trace-mapping and Node read it: they must agree.

import { SourceMap } from "node:module";
import { eachMapping, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { SourceMapConsumer } from "source-map";

// Every segment as { line, column, source, originalLine, originalColumn, name }: numbers from 0, null where the map
// points to nothing. Throws where two readers differ.
export async function readAlike(json) {
  const map = JSON.parse(json);
  const trace = new TraceMap(map);
  const segments = [];
  eachMapping(trace, (found) => segments.push(fromZero(found)));
  await SourceMapConsumer.with(map, null, (consumer) => {
    let at = 0;
    consumer.eachMapping((found) => expectSame("source-map", segments[at++], fromZero(found)));
    if (at !== segments.length) throw new Error(`source-map has ${at} segments, trace-mapping ${segments.length}`);
    for (const segment of lastOfEachPlace(segments)) {
      const where = { line: segment.line + 1, column: segment.column };
      const { line, column, source, name } = originalPositionFor(trace, where);
      const found = consumer.originalPositionFor(where);
      if (found.line !== line || found.column !== column ||  found.name !== name) {
        throw new Error(`originalPositionFor ${where.line}:${where.column}: ${JSON.stringify([found, line, column])}`);
      }
    }
  });
  // Node has no segments without a source, and reads no `sections` here.
  const node = new SourceMap(map);
  for (const segment of lastOfEachPlace(segments)) {
    if (segment.source === null) continue;
    const found = node.findEntry(segment.line, segment.column);
    const same = found.originalLine === segment.originalLine && found.originalColumn === segment.originalColumn;
    if (!same) throw new Error(`node at ${segment.line}:${segment.column}: ${JSON.stringify(found)}`);
  }
  return { trace, segments };
}

function fromZero({ generatedLine, generatedColumn, source, originalLine, originalColumn, name }) {
  return {
    line: generatedLine - 1,
    column: generatedColumn,
    // Mozilla's reader escapes what a URL must not hold.
    source: source == null ? null : encodeURI(decodeURI(source)),
    originalLine: source == null ? null : originalLine - 1,
    originalColumn: source == null ? null : originalColumn,
    name: name ?? null,
  };
}

function expectSame(reader, expected, found) {
  const same = expected && Object.keys(found).every((key) => found[key] === expected[key]);
  if (!same) throw new Error(`${reader}: ${JSON.stringify(found)}, trace-mapping: ${JSON.stringify(expected)}`);
}

// A lookup finds one segment of those at the same place.
function lastOfEachPlace(segments) {
  return segments.filter(({ line, column }, at) => {
    const next = segments[at + 1];
    return next?.line !== line || next.column !== column;
  });
}
