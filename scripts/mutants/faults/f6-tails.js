/**
 * @file F6: vectors that read or write past the end of a row, a plane or a buffer.
 */
export const tails = {
  title: 'vectors that reach past the end',
  tests: ['test/kernels/wasm/canaries.test.ts', 'test/ops/shapes', 'test/kernels/kernels-'],
  mutants: [
    {
      name: 'the last vector of a row reads past its end',
      file: 'src/kernels/wasm/assembly/vectors.ts',
      find: 'return i + lanes<T>() <= n ? i : n - lanes<T>()',
      replace: 'return i',
    },
    {
      name: 'the last vector of 3 x 3 windows reads past the end of the row',
      file: 'src/kernels/wasm/assembly/pool3x3.ts',
      find: 'return nextAt<T, R, P>(p + 2 * last, q + 2 * last, kept + j, to + last, mask, probe, false)',
      replace: 'return nextAt<T, R, P>(p + 2 * j, q + 2 * j, kept + j, to + j, mask, probe, false)',
    },
    {
      name: 'the tail of a row of van Herk windows is left out',
      file: 'src/kernels/wasm/assembly/van-herk.ts',
      find: '    for (; i < n; i++) columnOne<T, R>(g, src + i * sizeof<T>(), dst + i * sizeof<T>())\n',
      replace: '',
    },
    {
      name: 'van Herk rows leave out the outputs before the first four',
      file: 'src/kernels/wasm/assembly/van-herk-rows.ts',
      find: '    end = from != 0 ? 4 : 0\n',
      replace: '    end = 0\n',
    },
    {
      name: 'the last group of eight planes reads past the last plane',
      file: 'src/kernels/wasm/assembly/global-pool.ts',
      find: 'const begin = plane + 8 <= planes ? plane : planes - 8',
      replace: 'const begin = plane',
    },
    {
      name: 'the tail after the last whole vector is not divided',
      file: 'src/kernels/wasm/assembly/epilogue.ts',
      find: '  for (; i < n; i++) {\n    const to = dst + i * sizeof<T>()\n    store<T>(to, finishOne',
      replace: '  for (; i < n - 1; i++) {\n    const to = dst + i * sizeof<T>()\n    store<T>(to, finishOne',
    },
    {
      name: 'one element too many of a tile is copied out',
      file: 'src/kernels/wasm/tiling.ts',
      find: 'to.set(inside.subarray(start, end) as never, offset)',
      replace: 'to.set(inside.subarray(start, end + 1) as never, offset)',
    },
    {
      name: 'of gradients of norms, a lane beside a wild one or beside none is rounded once more',
      file: 'src/kernels/wasm/assembly/norms.ts',
      find: 'v128.bitselect(product, weights, tame)',
      replace: 'weights',
      tests: ['test/kernels/one-answer.test.ts'],
    },
    {
      name: 'rows of outputs are folded together that do not share taps',
      file: 'src/kernels/wasm/assembly/fold.ts',
      find: 'if (load<u32>(r) != load<u32>(r + size - 4)) return false',
      replace: 'if (load<u32>(r) == 0xffffffff) return false',
      tests: ['test/kernels/kernels-average.test.ts'],
    },
    {
      name: 'windows whose taps differ are folded side by side',
      file: 'src/kernels/wasm/assembly/order/fold-windows.ts',
      find: 'i + 1 < w.columns && whole(w.columnLists, i) == whole(w.columnLists, i + 1) ? i + 1 : i',
      replace: 'i + 1 < w.columns ? i + 1 : i',
      tests: ['test/kernels/kernels-other.test.ts'],
    },
    {
      name: 'exponentials in vectors lack a term of their series',
      file: 'src/kernels/wasm/assembly/order/exponential.ts',
      find: '  odd = term(odd, s, 1 / 39916800.0)\n',
      replace: '',
      tests: ['test/kernels/kernels-other.test.ts'],
    },
    {
      name: 'sums of 64-bit integers keep the rows that a window leaves',
      file: 'src/kernels/wasm/assembly/long-means.ts',
      find: 'last < next ? -1 : 1',
      replace: 'last < next ? 1 : 1',
      tests: ['test/kernels/kernels-average.test.ts'],
    },
    {
      name: 'histograms keep the rows that a window leaves',
      file: 'src/kernels/wasm/assembly/order/histogram.ts',
      find: '    for (; from < first; from++) countRow(h, depth, src, from, -1)\n    byteRow',
      replace: '    from = first\n    byteRow',
      tests: ['test/kernels/wasm/histogram.test.ts'],
    },
    {
      name: 'a window without elements reads what lies behind the row of folds',
      file: 'src/kernels/wasm/down-across.ts',
      find: 'writeFolds(op, 0, (inSize + 1) * pixel)',
      replace: 'writeFolds(op, 0, inSize * pixel)',
      tests: ['test/ops/gradients.test.ts'],
    },
  ],
}
