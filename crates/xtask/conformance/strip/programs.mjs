// Real work with the packages of a tree. `load` gives a module of the tree by its file.

export const programs = {
  async zod(load, print) {
    const { z } = await load("zod/src/index.js");
    const schema = z.object({
      name: z.string().min(2), age: z.coerce.number().int().positive(), mail: z.email().optional(),
      tags: z.array(z.enum(["a", "b"])).default(["a"]), kind: z.discriminatedUnion("t", [z.object({ t: z.literal(1) }), z.object({ t: z.literal(2), x: z.date() })]),
    });
    print(schema.safeParse({ name: "ab", age: "3", kind: { t: 1 } }));
    print(schema.safeParse({ name: "a", age: -1.5, mail: "no", tags: ["c"], kind: { t: 2 } }).error.issues);
    print(z.toJSONSchema(z.object({ a: z.string(), b: z.union([z.number(), z.null()]) })));
    print(z.string().transform((text) => text.length).refine((n) => n > 2, "short").safeParse("ab").error.format());
  },

  async signals(load, print) {
    const { signal, computed, effect, batch } = await load("@preact/signals-core/src/index.js");
    const a = signal(1), b = computed(() => a.value * 2), seen = [];
    const stop = effect(() => void seen.push(b.value));
    batch(() => { a.value = 2; a.value = 4; });
    stop();
    a.value = 9;
    print(seen, b.peek(), String(a), JSON.stringify(b));
  },

  async noble(load, print) {
    const hex = (bytes) => Buffer.from(bytes).toString("hex");
    const { sha256, sha512 } = await load("@noble/hashes/src/sha2.js");
    const { keccak_256 } = await load("@noble/hashes/src/sha3.js");
    const { blake3 } = await load("@noble/hashes/src/blake3.js");
    const { scrypt } = await load("@noble/hashes/src/scrypt.js");
    const { hmac } = await load("@noble/hashes/src/hmac.js");
    for (const hash of [sha256, sha512, keccak_256, blake3]) print(hex(hash("pathlight")), hash.blockLen, hash.outputLen);
    print(hex(hmac(sha256, "key", "text")), hex(scrypt("word", "salt", { N: 16, r: 8, p: 1, dkLen: 32 })));
    const { secp256k1 } = await load("@noble/curves/src/secp256k1.js");
    const { ed25519 } = await load("@noble/curves/src/ed25519.js");
    for (const curve of [secp256k1, ed25519]) {
      const secret = new Uint8Array(32).fill(7), key = curve.getPublicKey(secret), signature = curve.sign(sha256("text"), secret);
      print(hex(key), hex(signature.toBytes?.() ?? signature), curve.verify(signature, sha256("text"), key));
    }
  },

  async query(load, print) {
    const { QueryClient, QueryObserver, hashKey } = await load("@tanstack/query-core/src/index.js");
    const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
    print(await client.fetchQuery({ queryKey: ["a", { y: 1, x: 2 }], queryFn: async () => ({ n: 1 }) }), hashKey(["a", { y: 1, x: 2 }]));
    print(await client.fetchQuery({ queryKey: ["b"], queryFn: async () => { throw new Error("no"); } }).catch((error) => error.message));
    const { data, status, isStale } = new QueryObserver(client, { queryKey: ["a", { x: 2, y: 1 }], staleTime: Infinity }).getCurrentResult();
    print(data, status, isStale);
  },

};
