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
    {
      name: 'a cell shows fewer digits than fit',
      file: 'src/render/number.ts',
      find: 'if (exact.length <= cellWidth) return exact',
      replace: 'if (exact.length < cellWidth) return exact',
    },
    {
      name: 'those who listen hear the rounded number',
      file: 'src/render/draw-grid.ts',
      find: '[formatCell(value), formatExact(value)]',
      replace: '[formatCell(value), formatCell(value)]',
    },
    {
      name: 'an average of NaN is said to have a place',
      file: 'src/render/formula.ts',
      find: "remarks.push({ kind: 'nan', picks })",
      replace: "remarks.push({ kind: 'nan', picks: true })",
    },
    {
      name: 'the plane of a global average is called a bin',
      file: 'src/render/formula.ts',
      find: "return pooling.op === 'global-avg' ? 'plane' : 'bin'",
      replace: "return 'bin'",
    },
    {
      name: 'the overhang of ceil mode is hatched as padding is',
      file: 'src/render/draw-grid.ts',
      find: "zone === 'padding' ? 'url(#hatch)' : 'url(#dots)'",
      replace: "'url(#hatch)'",
    },
    {
      name: 'English takes its apostrophes from a Chinese face',
      file: 'src/render/palette.ts',
      find: 'latin.text}, serif, $',
      replace: 'chinese.text}, $',
    },
    {
      name: 'every part of a region reads the channel that is shown',
      file: 'src/render/term.ts',
      find: 'Math.floor(channel / cells) * cells + at',
      replace: 'channel',
    },
    {
      name: 'samples of a region are drawn half an element off',
      file: 'src/render/region-windows.ts',
      find: 'samplingRatio: pooling.ratio, aligned: isCentred(pooling)',
      replace: 'samplingRatio: pooling.ratio, aligned: false',
    },
    {
      name: 'negative elements have a chance to be picked',
      file: 'src/render/chance.ts',
      find: 'Math.max(value, 0)',
      replace: 'Math.abs(value)',
    },
    {
      name: 'the part of a picked element begins behind it',
      file: 'src/render/chance.ts',
      find: 'weights.slice(0, place)',
      replace: 'weights.slice(0, place + 1)',
    },
    {
      name: 'every output of a spatial pyramid is looked for in its first level',
      file: 'src/render/grids.ts',
      find: 'findLast(',
      replace: 'find(',
    },
    {
      name: 'features of a level stand behind those of the channel before',
      file: 'src/render/spatial-pyramids.ts',
      find: 'channel * total + starts[level]! + (i % size)',
      replace: 'channels * starts[level]! + i',
    },
  ],
}
