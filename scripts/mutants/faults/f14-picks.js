/**
 * @file F14: gradients beside a mask, minimum counts, interpolated quantiles, ties of labels, learned exponents and random picks.
 */
export const picks = {
  title: 'elements that are picked, or share a gradient, by the wrong rule',
  tests: ['test/ops/order.test.ts'],
  mutants: [
    {
      name: 'the gradient of a median reaches elements left out',
      file: 'src/kernels/scalar/gathering.ts',
      find: 'if (map !== null && map[at] === 0) continue',
      replace: '',
      tests: ['test/ops/counted', 'test/ops/order.test.ts'],
    },
    {
      name: 'windows with one element too few are not filled',
      file: 'src/ops/counted/few-windows.ts',
      find: ': positionsBelow(counts, least)',
      replace: ': positionsBelow(counts, least - 1)',
      tests: ['test/ops/counted'],
    },
    {
      name: 'quantiles weigh the lower element as the higher one',
      file: 'src/reducers/order.ts',
      find: ': low + span * weight',
      replace: ': low + span * (1 - weight)',
    },
    {
      name: 'of equally common labels the lowest is the highest',
      file: 'src/reducers/mode.ts',
      find: 'lowest: (label, best) => label < best',
      replace: 'lowest: (label, best) => label > best',
    },
    {
      name: 'the gradient of the exponent divides a logarithm by p',
      file: 'src/ops/functions/gem-exponent.ts',
      find: 'Math.log(power) / p ** 2',
      replace: 'Math.log(power) / p',
      tests: ['test/ops/smooth-means.test.ts'],
    },
    {
      name: 'every positive element is as likely',
      file: 'src/kernels/stochastic.ts',
      find: 'Math.max(value, 0) * scale',
      replace: 'Number(value > 0)',
      tests: ['test/ops/stochastic.test.ts'],
    },
    {
      name: 'a sample of 0 picks an element of 0',
      file: 'src/kernels/stochastic.ts',
      find: 'part <= threshold',
      replace: 'part < threshold',
      tests: ['test/ops/stochastic.test.ts'],
    },
    {
      name: 'the gradient of the expected value leaves out that of the weights',
      file: 'src/reducers/stochastic-mean.ts',
      find: '2 * part - mean',
      replace: 'part',
      tests: ['test/ops/stochastic.test.ts'],
    },
    {
      name: 'the derivative of a masked pooling takes windows without elements for their fill',
      file: 'src/adapters/tfjs/leave-out.ts',
      find: 'derivative: { ...options, mask: marks, fill: 0 },',
      replace: 'derivative: { ...options, mask: marks },',
      tests: ['test/adapters/tfjs/masks.test.ts'],
    },
    {
      name: 'a layer keeps the mask of its options, not that of the call',
      file: 'src/layers/layer.ts',
      find: '{ ...this.options, ...own })',
      replace: '{ ...own, ...this.options })',
      tests: ['test/layers/call-options.test.ts'],
    },
    {
      name: 'a NaN is located where the first one stands',
      file: 'src/kernels/wasm/assembly/order/picked-taps.ts',
      find: 'for (let k = 0; k < count; k++) {',
      replace: 'for (let k = count - 1; k >= 0; k--) {',
      tests: ['test/kernels/kernels-other'],
    },
    {
      name: 'the gradient of an interpolated quantile reaches one element alone',
      file: 'src/kernels/wasm/assembly/order/send-shares.ts',
      find: 'whole(taps, high)), <f64>share',
      replace: 'whole(taps, low)), <f64>share',
      tests: ['test/kernels/kernels-other', 'test/ops/order.test.ts'],
    },
  ],
}
