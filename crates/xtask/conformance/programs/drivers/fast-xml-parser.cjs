const { XMLBuilder, XMLParser, XMLValidator } = require("fast-xml-parser");
const { refused, show } = require("../shared/kit.cjs");
const source = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "entity">]><a x="1" y:z="t&amp;"><b>1.50</b><b>0x1F</b><c><![CDATA[<d>]]></c><!-- f --><g/>&e; text <h>true</h></a>';
for (const options of [{}, { ignoreAttributes: false, attributeNamePrefix: "@", parseAttributeValue: true, removeNSPrefix: true, isArray: (name) => name === "h" }, { preserveOrder: true, ignoreAttributes: false, commentPropName: "#comment", cdataPropName: "#cdata" }]) {
    const tree = new XMLParser(options).parse(source);
    show("tree", tree);
    show("built", new XMLBuilder({ ...options, format: true, suppressEmptyNode: true }).build(tree));
}
for (const wrong of ["<a><b></a>", "<a x=1/>", "<a/><b/>", "<a>&</a>"]) show(wrong, XMLValidator.validate(wrong));
refused("wrong", () => new XMLParser().parse("<a><!--"));
