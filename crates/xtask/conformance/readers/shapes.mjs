// What an input's source map may look like beside its segments. The code is always the same.

const code = "const pick = (a) => a ? 1 : 2;\nconst also = (b) => b || 0;";
const text = "const pick = (a: number) => a ? 1 : 2;\nconst also = (b: number) => b || 0;\n";
// Segments at each line's head, at `(`, at the parameter and at the arrow's body.
const mappings = "AAAA,aAAa,CAAC,MAAc;AAC5B,aAAa,CAAC,MAAc";
const whole = { version: 3, names: [], mappings, sources: ["../../src/a.ts"], sourcesContent: [text] };
const firstLine = mappings.split(";")[0];

function shape(changes) {
  return { code, map: { ...whole, ...changes } };
}

export const SHAPES = {
  plain: shape({}),
  file: shape({ file: "other.js" }),
  source_root: shape({ sourceRoot: "../../src", sources: ["a.ts"] }),
  source_root_with_slash: shape({ sourceRoot: "../../src/", sources: ["a.ts"] }),
  source_root_on_a_server: shape({ sourceRoot: "https://example.test/src/", sources: ["a.ts"] }),
  empty_source_root: shape({ sourceRoot: "" }),
  absolute_path: shape({ sources: ["/project/src/a.ts"] }),
  file_url: shape({ sources: ["file:///project/src/a.ts"] }),
  webpack_url: shape({ sources: ["webpack://app/./src/a.ts?1a2b"] }),
  blank: shape({ sources: ["../../src/a b.ts"] }),
  escaped_blank: shape({ sources: ["../../src/a%20b.ts"] }),
  escaped_hash: shape({ sources: ["../../src/a%23b.ts"] }),
  letters: shape({ sources: ["../../src/größe/变量.ts"] }),
  escaped_letters: shape({ sources: ["../../src/gr%C3%B6%C3%9Fe.ts"] }),
  no_contents: shape({ sourcesContent: undefined }),
  null_content: shape({ sourcesContent: [null] }),
  fewer_contents_than_sources: shape({ sources: ["../../src/a.ts", "../../src/unused.ts"] }),
  ignore_list: shape({ sources: ["../../src/a.ts", "../../lib/b.ts"], sourcesContent: [text, null], ignoreList: [1] }),
  names: shape({ names: ["pick", "also"], mappings: "AAAAA,MAAMA;AACNC,MAAMA" }),
  code_that_no_one_wrote: shape({ mappings: "A;AACA,aAAa,CAAC,MAAc" }),
  sections: {
    code,
    map: {
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: { ...whole, mappings: firstLine, names: ["unused"] } },
        {
          offset: { line: 1, column: 0 },
          map: { ...whole, mappings: firstLine, sources: ["../../src/b.ts"], sourcesContent: undefined },
        },
      ],
    },
  },
};
