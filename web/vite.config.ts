// How the web app is built: one page, everything from our own origin, nothing inlined (the page's policy forbids it).
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

const pdfjs = fileURLToPath(new URL('./node_modules/pdfjs-dist/', import.meta.url));

/** PDF.js fetches these while it draws: character maps, the fonts that a PDF may leave out, the image decoder. */
function pdfResources(): Plugin {
  return {
    name: 'pdf-resources',
    apply: 'build',
    writeBundle({ dir }) {
      const target = `${dir ?? 'dist'}/assets/pdf`;
      for (const folder of ['cmaps', 'standard_fonts']) {
        cpSync(pdfjs + folder, `${target}/${folder}`, { recursive: true });
      }
      mkdirSync(`${target}/wasm`, { recursive: true });
      for (const file of readdirSync(pdfjs + 'wasm').filter((name) => !name.endsWith('.wasm'))) {
        cpSync(`${pdfjs}wasm/${file}`, `${target}/wasm/${file}`);
      }
    },
  };
}

export default defineConfig({
  plugins: [svelte(), pdfResources()],
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/api': process.env['PLLM_URL'] ?? 'http://127.0.0.1:8080' } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
