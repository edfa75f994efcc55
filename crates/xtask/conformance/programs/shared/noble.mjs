// What is asked of the noble packages, of their published code and of their sources.
import { show } from "./kit.cjs";

export default ({ blake3, bytesToHex, ed25519, keccak_256, pbkdf2, secp256k1, sha256, sha512, utf8ToBytes }) => {
    const message = utf8ToBytes("a message".repeat(200));
    for (const [name, hash] of Object.entries({ blake3, keccak_256, sha256, sha512 })) show(name, bytesToHex(hash(message)));
    show("pbkdf2", bytesToHex(pbkdf2(sha256, "password", "salt", { c: 200, dkLen: 24 })));
    const key = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
    for (const [name, curve] of Object.entries({ ed25519, secp256k1 })) {
        const signature = curve.sign(message, key);
        show(name, [bytesToHex(curve.getPublicKey(key)), bytesToHex(signature), curve.verify(signature, message, curve.getPublicKey(key)), curve.verify(signature, message.slice(1), curve.getPublicKey(key))]);
    }
};
