import { ed25519 } from "../sources/@noble/curves/ed25519.js";
import { secp256k1 } from "../sources/@noble/curves/secp256k1.js";
import { blake3 } from "../sources/@noble/hashes/blake3.js";
import { pbkdf2 } from "../sources/@noble/hashes/pbkdf2.js";
import { sha256, sha512 } from "../sources/@noble/hashes/sha2.js";
import { keccak_256 } from "../sources/@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "../sources/@noble/hashes/utils.js";
import ask from "../shared/noble.mjs";
ask({ blake3, bytesToHex, ed25519, keccak_256, pbkdf2, secp256k1, sha256, sha512, utf8ToBytes });
