import vue from '@vitejs/plugin-vue'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
// Phones of teachers are old: the browsers inside QQ and WeCom set what is understood.
const target = ['es2018', 'chrome72', 'safari13']

export default defineConfig({
  root: here,
  base: '/',
  plugins: [vue()],
  // The core's sources, which are there before anything of them is built.
  resolve: { alias: { '@space-assistant/core': resolve(here, '../../../src') } },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    target,
    cssTarget: target,
    modulePreload: false,
    // Nothing is put inline: the page's policy would refuse it.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  logLevel: 'warn',
})
