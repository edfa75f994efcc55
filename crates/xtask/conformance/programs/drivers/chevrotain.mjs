import { createToken, EmbeddedActionsParser, generateCstDts, Lexer } from "chevrotain";
import { show } from "../shared/kit.cjs";
const token = (name, pattern, more) => createToken({ name, pattern, ...more });
const Blank = token("Blank", /\s+/, { group: Lexer.SKIPPED, line_breaks: true });
const [Left, Right, Open, Close, Colon, Comma] = ["{", "}", "[", "]", ":", ","].map((sign, at) => token(`Sign${at}`, sign));
const Text = token("Text", /"(?:[^\\"]|\\.)*"/);
const Num = token("Num", /-?\d+(\.\d+)?/);
const Word = token("Word", /true|false|null/);
const tokens = [Blank, Left, Right, Open, Close, Colon, Comma, Text, Num, Word];
class Json extends EmbeddedActionsParser {
    constructor() {
        super(tokens, { recoveryEnabled: true });
        this.RULE("value", () => this.OR([{ ALT: () => this.SUBRULE(this.object) }, { ALT: () => this.SUBRULE(this.array) }, { ALT: () => this.CONSUME(Text).image.slice(1, -1) }, { ALT: () => Number(this.CONSUME(Num).image) }, { ALT: () => this.CONSUME(Word).image }]));
        this.RULE("object", () => { const found = {}; this.CONSUME(Left); this.MANY_SEP({ SEP: Comma, DEF: () => { const key = this.CONSUME(Text).image; this.CONSUME(Colon); found[key] = this.SUBRULE(this.value); } }); this.CONSUME(Right); return found; });
        this.RULE("array", () => { const found = []; this.CONSUME(Open); this.MANY_SEP({ SEP: Comma, DEF: () => found.push(this.SUBRULE(this.value)) }); this.CONSUME(Close); return found; });
        this.performSelfAnalysis();
    }
}
const lexer = new Lexer(tokens);
const parser = new Json();
for (const text of ['{"a": [1, 2.5, {"b": null}], "c": "d\\n"}', "[1, , 2]", '{"a" 1}', "[@]"]) {
    const { tokens: input, errors } = lexer.tokenize(text);
    parser.input = input;
    show(text, [parser.value(), errors.map((error) => error.message), parser.errors.map((error) => error.message)]);
}
show("types", generateCstDts(parser.getGAstProductions()));
