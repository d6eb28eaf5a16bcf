/**
 * @file F13: elements that are left out, medians, quantiles, modes and moments.
 */
export const windows = {
  title: 'windows whose elements count wrongly, or are ranked wrongly',
  tests: ['test/ops/counted', 'test/ops/order.test.ts', 'test/ops/moments.test.ts'],
  mutants: [
    {
      name: 'threads ignore masks',
      file: 'src/kernels/threads/message.ts',
      find: '    ...(counted && { counted: countedIn(buffer, counted, plan, dtype) }),\n',
      replace: '',
      tests: ['test/kernels/threads/bits.test.ts'],
    },
    {
      name: 'masked root mean squares are divided by the whole window, in WebAssembly',
      file: 'src/kernels/wasm/rows.ts',
      find: 'counted?.divisors == null ||',
      replace: 'counted !== null ||',
    },
    {
      name: 'windows with too few elements keep their index',
      file: 'src/kernels/wasm/locate-counted.ts',
      find: 'if (counts[at]! < least)',
      replace: 'if (counts[at]! < 0)',
    },
    {
      name: 'the index of a counted -Infinity may be that of an element left out',
      file: 'src/kernels/wasm/locate-counted.ts',
      find: 'else if (y[at] === neutral)',
      replace: 'else if (y[at] !== y[at])',
    },
    {
      name: 'a mask of one channel counts for the first channel only',
      file: 'src/kernels/shared-planes.ts',
      find: 'const plane = isLast || channels === 1 ? 0 : unit % all',
      replace: 'const plane = isLast ? 0 : unit % all',
    },
    {
      name: 'the nearest quantile rounds halves up',
      file: 'src/reducers/order.ts',
      find: "roundNumber['half-even'](at)",
      replace: "roundNumber['half-up'](at)",
    },
    {
      name: 'the median of three in vectors is one of two',
      file: 'src/kernels/wasm/assembly/order/select.ts',
      find: 'median3<T>(least, median3<T>(a, b, c), most)',
      replace: 'median3<T>(least, median3<T>(a, c, c), most)',
      tests: ['test/kernels/kernels-other', 'test/ops/order.test.ts'],
    },
    {
      name: 'an ignored label takes part',
      file: 'src/reducers/mode.ts',
      find: 'if (label === ignore)',
      replace: 'if (label === null)',
    },
    {
      name: 'variances are sums of squares less a square',
      file: 'src/reducers/variance.ts',
      find: 'if (state.count === 0) state.first = value as number',
      replace: 'state.first = 0',
    },
    {
      name: 'the least count of a mask is that of its last tile',
      file: 'src/kernels/wasm/count-marks.ts',
      find: 'least = Math.min(least, lowest(dst, outSize))',
      replace: 'least = lowest(dst, outSize)',
      tests: ['test/ops/counted/edges.test.ts'],
    },
    {
      name: 'the divisors of pixels are those of the pixels before',
      file: 'src/kernels/wasm/spread-bytes.ts',
      find: 'Math.floor((within + i) / times)',
      replace: 'Math.floor(i / times)',
      tests: ['test/ops/counted/patterns.test.ts'],
    },
    {
      name: 'generalized means of overlapping windows take the power twice',
      file: 'src/kernels/scalar/window-folds.ts',
      find: 'isShared ? { value } : fold',
      replace: 'fold',
      tests: ['test/kernels/kernels-other.test.ts'],
    },
    {
      name: 'windows whose result could be that of no element are empty',
      file: 'src/ops/counted/pool-uncounted.ts',
      find: 'firstPosition(plan, pixel % outSize, isCounted) < 0',
      replace: 'firstPosition(plan, pixel % outSize, isCounted) < Infinity',
      tests: ['test/ops/counted/uncounted.test.ts'],
    },
    {
      name: 'a value that is left out takes part in the last elements of a tile',
      file: 'src/kernels/wasm/assembly/keep.ts',
      find: '(isNaN ? x != x : x == unwanted) ? value : x',
      replace: 'x',
      tests: ['test/ops/counted/uncounted.test.ts'],
    },
    {
      name: 'tiles are filled only where no element counts',
      file: 'src/kernels/wasm/count-in-tiles.ts',
      find: 'if (lowest(counts, size) < least) keep',
      replace: 'if (lowest(counts, size) < 1) keep',
      tests: ['test/ops/counted/in-tiles.test.ts'],
    },
  ],
}
