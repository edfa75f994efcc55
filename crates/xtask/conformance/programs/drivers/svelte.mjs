import { compile, compileModule, parse, preprocess } from "svelte/compiler";
import { refused, show } from "../shared/kit.cjs";
const source = `<script>
  import Child from "./Child.svelte";
  let { items = [], title, ...rest } = $props();
  let count = $state(0);
  let double = $derived(count * 2);
  $effect(() => { console.log(double); });
  const add = () => { count += 1; items.push({ id: count }); };
</script>
<svelte:head><title>{title}</title></svelte:head>
{#snippet row(item)}<li class:big={item.id > 3}>{item.id}{@html item.html}</li>{/snippet}
<button onclick={add} {...rest} style:color="red">{count} / {double}</button>
{#if count > 3}<p transition:fade>many</p>{:else if count}<Child bind:count />{:else}<input bind:value={title} />{/if}
{#each items as item, i (item.id)}{@render row(item)}{:else}none{/each}
{#await load() then value}{value}{:catch error}{error.message}{/await}
{#key count}<b>{count}</b>{/key}
<style>.big { color: red; } p :global(b) { margin: 0 } @media print { li { display: none } }</style>`;
for (const generate of ["client", "server"]) {
    const { js, css, warnings } = compile(source, { filename: "App.svelte", generate, rootDir: "/" });
    show(`${generate} js`, js.code);
    show(`${generate} map`, js.map.mappings);
    show(`${generate} css`, css.code);
    show(`${generate} warnings`, warnings.map((warning) => warning.code));
}
show("module", compileModule("export const store = $state({ a: 1 });", { filename: "a.svelte.js" }).js.code);
show("tree", parse(source, { modern: true }));
refused("wrong", () => compile("{#if a}<p>", { filename: "App.svelte" }).js.code);
const { code } = await preprocess(source, { style: ({ content }) => ({ code: content.toUpperCase() }) });
show("preprocessed", code);
