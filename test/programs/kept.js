/**
 * @file Prints the bytes that stay after calls, once all that can be collected is. Run with --expose-gc and the library's URL.
 */
const pool2d = await import(process.argv[2])
const { zeros } = pool2d

async function settled() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { arrayBuffers, external, heapUsed } = process.memoryUsage()
  return Math.max(arrayBuffers, external) + heapUsed
}

const line = zeros([1, 1, 4e6])
const pooled = zeros([1, 1, 2e6])
const short = zeros([1, 1, 4e5])
const plane = zeros([1, 1, 3000, 3000])
const part = zeros([1, 1, 1500, 1500])
const layer = new pool2d.MaxPool1d({ kernelSize: 2, stride: 1 })
const calls = {
  'eight dilations': () => {
    for (let dilation = 1; dilation <= 8; dilation++)
      pool2d.maxPool1d(line, { kernelSize: 2, stride: 1, dilation })
  },
  indices: () => pool2d.maxPool1d(line, { kernelSize: 3, stride: 1, padding: 1, returnIndices: true }),
  averages: () => pool2d.avgPool1d(line, { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false }),
  'gradients of averages': () => pool2d.avgPool1dBackward(pooled, line, { kernelSize: 2 }),
  adaptive: () => pool2d.adaptiveMaxPool1d(line, { outputSize: 1_500_001 }),
  blurs: () => pool2d.blurPool1d(short, { stride: 1 }),
  'gradients of areas': () =>
    pool2d.areaPool1dBackward(zeros([1, 1, 399_999]), short, { outputSize: 399_999 }),
  norms: () => pool2d.lpPool1d(line, { kernelSize: 2, normType: 3 }),
  explain: () => pool2d.explain('avgPool1d', [1, 1, 3e7], { kernelSize: 3, stride: 1 }),
  'a layer': () => layer.backward(layer.forward(line), line),
  'one backward of a large plane': () => pool2d.maxPool2dBackward(part, plane, { kernelSize: 2 }),
  'a gradient of norms of a large plane': () =>
    pool2d.lpPool2dBackward(part, plane, { kernelSize: 2, normType: 2 }),
  'windows of half a line': () => pool2d.maxPool1d(line, { kernelSize: 2e6, stride: 1 }),
  'a global maximum': () => pool2d.globalMaxPool(plane),
  'one window over a large plane, located': () =>
    pool2d.maxPool2d(plane, { kernelSize: 3000, returnIndices: true }),
}

const kept = {}
let before = await settled()
for (const [name, call] of Object.entries(calls)) {
  call()
  const after = await settled()
  kept[name] = after - before
  before = after
}
console.log(JSON.stringify(kept))
