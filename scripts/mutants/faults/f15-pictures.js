/**
 * @file F15: pictures that show other numbers, formulas or marks than the library's.
 */
export const pictures = {
  title: 'pictures that tell something else than the library computes',
  tests: ['test/render/'],
  mutants: [
    {
      name: 'numbers are cut at a cell’s width, exponent and all',
      file: 'src/render/number.ts',
      find: 'return scientific(value, digits)',
      replace: 'return scientific(value, 2).slice(0, cellWidth)',
    },
    {
      name: 'a number beyond 1e30 is cut without a word',
      file: 'src/render/codec.ts',
      find: '? cut(Number(word), -1e30, 1e30, onCut)',
      replace: '? cut(Number(word), -1e30, 1e30)',
    },
  ],
}
