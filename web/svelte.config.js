// Runes everywhere; styles go into a file of their own, because the page's policy forbids inline ones.
export default {
  compilerOptions: { runes: true, css: 'external' },
};
