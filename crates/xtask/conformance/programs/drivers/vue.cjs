const { compileScript, compileStyle, compileTemplate, parse } = require("vue/compiler-sfc");
const { renderToString } = require("vue/server-renderer");
const Vue = require("vue");
const { show } = require("../shared/kit.cjs");
const source = `<script setup lang="ts">
import { ref, computed } from "vue";
const props = withDefaults(defineProps<{ title?: string; items: { id: number; name: string }[] }>(), { title: "none" });
const emit = defineEmits<{ (e: "change", id: number): void }>();
const count = ref(0);
const total = computed(() => props.items.length + count.value);
</script>
<template><section :class="{ big: total > 2 }"><h1 v-text="title"/><ul><li v-for="(item, i) in items" :key="item.id" @click.once="emit('change', item.id)">
<slot :item="item" :name="item.name">{{ i }}: {{ item.name.toUpperCase() }}</slot></li></ul><input v-model.trim="count" v-if="count"><b v-else-if="total">{{ total }}</b></section></template>
<style scoped>.big > li:hover { color: v-bind(count) }</style>`;
const { descriptor, errors } = parse(source, { filename: "App.vue", sourceMap: false });
show("errors", errors.length);
show("script", compileScript(descriptor, { id: "x", inlineTemplate: true }).content);
show("template", compileTemplate({ source: descriptor.template.content, id: "x", filename: "App.vue", ssr: true, ssrCssVars: [] }).code);
show("style", compileStyle({ source: descriptor.styles[0].content, id: "data-v-x", filename: "App.vue", scoped: true }).code);
const Item = { props: ["name"], template: "<i>{{ name }}<slot name='end' :n='name.length'/></i>" };
const app = Vue.createSSRApp({
    components: { Item },
    data: () => ({ names: ["a", "bb", "<c>"], shown: true }),
    computed: { joined() { return this.names.join("&"); } },
    template: "<p v-if='shown' :title='joined'>{{ joined }}</p><Item v-for='n of names' :name='n' :key='n'><template #end='{ n }'>{{ n }}</template></Item><textarea :value='joined'/>",
});
const state = Vue.reactive({ a: { b: [1, 2] }, set: new Set([1]) });
Vue.watchEffect(() => show("watched", [state.a.b.length, state.set.size]), { flush: "sync" });
state.a.b.push(3);
state.set.add(2);
renderToString(app).then((html) => show("html", html));
