// Characters of one to four bytes, tabs, and every kind of line.
const 变量 = "é", ключ = '😀', ascii = `a${变量}😀
	${ключ ? "\u{1f600}" : '\
'} tail`; const afterTemplate = 变量 || ключ;

/* 😀 */ function 計算<T>(x: T, /* é */ y?: number): T | undefined {
	if (x)	{ return y ? x : undefined } else return ((x))
}

	const element = <p title="é😀" data-ключ={ascii && 变量}>😀 text {計算<string>("😀", 1)} é</p>;
class Größe { #ж = 1; get ж() { return this.#ж ?? 0 } static 字 = 1 }
label: for (const c of "😀é") { if (c) continue label; else break }
export { element, afterTemplate, Größe };
