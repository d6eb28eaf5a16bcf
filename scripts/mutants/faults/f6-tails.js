/**
 * @file F6: vectors that read or write past the end of a row, a plane or a buffer.
 */
export const tails = {
  title: 'vectors that reach past the end',
  tests: ['test/kernels/wasm/canaries.test.ts', 'test/ops/shapes', 'test/kernels/kernels-'],
  mutants: [
    {
      name: 'the last vector of a row does not reach back',
      file: 'src/kernels/wasm/assembly/vectors.ts',
      find: 'return i + lanes<T>() <= n ? i : n - lanes<T>()',
      replace: 'return i',
    },
    {
      name: 'the last vector of 3 x 3 windows does not reach back',
      file: 'src/kernels/wasm/assembly/pool3x3.ts',
      find: 'return nextAt<T, R, P>(p + 2 * last, q + 2 * last, kept + j, to + last, mask, probe, false)',
      replace: 'return nextAt<T, R, P>(p + 2 * j, q + 2 * j, kept + j, to + j, mask, probe, false)',
    },
    {
      name: 'the rest of a row of sliding windows is left out',
      file: 'src/kernels/wasm/assembly/van-herk.ts',
      find: '    for (; i < n; i++) columnOne<T, R>(g, src + i * sizeof<T>(), dst + i * sizeof<T>())\n',
      replace: '',
    },
    {
      name: 'of sliding rows, the first outputs that are no four are left out',
      file: 'src/kernels/wasm/assembly/van-herk-rows.ts',
      find: '    end = from != 0 ? 4 : 0\n',
      replace: '    end = 0\n',
    },
    {
      name: 'the last planes of eight do not reach back',
      file: 'src/kernels/wasm/assembly/global-pool.ts',
      find: 'const begin = plane + 8 <= planes ? plane : planes - 8',
      replace: 'const begin = plane',
    },
    {
      name: 'a divided run ends with its last whole vector',
      file: 'src/kernels/wasm/assembly/epilogue.ts',
      find: '  for (; i < n; i++) {\n    const to = dst + i * sizeof<T>()\n    store<T>(to, finishOne',
      replace: '  for (; i < n - 1; i++) {\n    const to = dst + i * sizeof<T>()\n    store<T>(to, finishOne',
    },
    {
      name: 'a tile is copied out with an element too many',
      file: 'src/kernels/wasm/tiling.ts',
      find: 'to.set(inside.subarray(start, end), offset)',
      replace: 'to.set(inside.subarray(start, end + 1), offset)',
    },
  ],
}
