// Puts the workspace's licences into the package, before it is packed.

import { copyFile } from "node:fs/promises";

const PACKAGE = new URL("../", import.meta.url);

for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  await copyFile(new URL(`../../${name}`, PACKAGE), new URL(name, PACKAGE));
}
