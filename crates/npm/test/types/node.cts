import node = require("pathlight/node");

const runtime: node.Runtime = node.start({ array: "my_arr" });
console.log(runtime.take().length);
