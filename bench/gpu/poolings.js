/**
 * @file The poolings that are timed on a GPU, on float32 [N, C, H, W], and the ONNX operator that computes the same; the exact average has none.
 */
export const poolings = [
  row('max 2x2 s2', 'maxPool2d', { kernelSize: 2, stride: 2 }, 'MaxPool'),
  row('max 3x3 s2', 'maxPool2d', { kernelSize: 3, stride: 2 }, 'MaxPool'),
  row('max 3x3 s1', 'maxPool2d', { kernelSize: 3, stride: 1 }, 'MaxPool'),
  row('max 31x31 s1', 'maxPool2d', { kernelSize: 31, stride: 1 }, 'MaxPool'),
  row('average 2x2 s2', 'avgPool2d', { kernelSize: 2, stride: 2 }, 'AveragePool'),
  row('average 3x3 s2', 'avgPool2d', { kernelSize: 3, stride: 2 }, 'AveragePool'),
  row('average 3x3 s2, exact', 'avgPool2d', { kernelSize: 3, stride: 2, exact: true }, null),
  row('global average', 'globalAvgPool', {}, 'GlobalAveragePool'),
]

function row(title, op, options, onnx) {
  return { title, op, options, onnx }
}
