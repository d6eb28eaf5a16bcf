/**
 * @file What a stack of shader compiler and driver does to floats, and to what else a shader of ours might rest on: one small shader a
 * probe. Uses no test framework, so that pages and other runtimes run it too.
 */

/** A probe of one expression over u32 `a`, `b`, `c`, the bits of its inputs. */
interface Probe {
  readonly name: string
  /** WGSL statements that return bits. */
  readonly body: string
  readonly inputs: readonly number[]
  /** The result of IEEE 754, or of integers. */
  readonly want: number
  readonly show?: (bits: number) => string
  /** True where shaders of pool2d rest on it: another result is a bug there. */
  readonly isRelied?: boolean
}

const word = new DataView(new ArrayBuffer(4))

function bitsOf(value: number): number {
  word.setFloat32(0, value)
  return word.getUint32(0)
}

function asFloat(bits: number): string {
  word.setUint32(0, bits)
  const value = word.getFloat32(0)
  return Object.is(value, -0) ? '-0' : String(value)
}

const asBool = (bits: number): string => String(bits === 1)
const asWord = (bits: number): string => `0x${(bits >>> 0).toString(16)}`
const asCount = (bits: number): string => String(bits)

const nan = 0x7fc00000
const [zero, negativeZero, one] = [0, 0x80000000, bitsOf(1)]
const [infinity, subnormal] = [0x7f800000, bitsOf(1e-42)]

const floats = (expression: string): string => `  let x = bitcast<f32>(a);
  let y = bitcast<f32>(b);
  let z = bitcast<f32>(c);
  return bitcast<u32>(${expression});`

/** Counts the quotients of 4,096 numbers by 1 to 64 that differ by `expression` from those that integers compute. */
const quotients = (expression: string): string => `  var wrong = 0u;
  for (var i = 1u; i <= 4096u; i++) {
    let n = 1u + (i & 63u) + a;
    let x = i * 2731u + a;
    let got = bitcast<u32>(${expression});
    let exponent = 150 - bitcast<i32>((got >> 23u) & 255u);
    let mantissa = (got & 0x7fffffu) | 0x800000u;
    if (!is_nearest(x, n, mantissa, exponent)) { wrong++; }
  }
  return wrong;`

/** True if mantissa * 2^-exponent is the float nearest to x / n: |x 2^exponent - mantissa n| is at most n / 2. */
const isNearest = `fn is_nearest(x: u32, n: u32, mantissa: u32, exponent: i32) -> bool {
  var rest = x % n;
  var whole = x / n;
  if (exponent < 0) { return false; }
  for (var i = 0; i < exponent; i++) {
    rest = rest << 1u;
    whole = whole << 1u;
    if (rest >= n) { rest -= n; whole |= 1u; }
  }
  if (2u * rest > n || (2u * rest == n && (whole & 1u) == 1u)) { whole += 1u; }
  return whole == mantissa || (whole == 0x1000000u && mantissa == 0x800000u);
}`

export const probes: readonly Probe[] = [
  { name: 'max(NaN, 1)', body: floats('max(x, y)'), inputs: [nan, one], want: nan },
  { name: 'max(1, NaN)', body: floats('max(x, y)'), inputs: [one, nan], want: nan },
  {
    name: 'NaN != NaN',
    body: '  let x = bitcast<f32>(a);\n  return select(0u, 1u, x != x);',
    inputs: [nan],
    want: 1,
    show: asBool,
  },
  {
    name: 'a NaN told by its bits',
    body: '  return select(0u, 1u, (a & 0x7fffffffu) > 0x7f800000u);',
    inputs: [nan],
    want: 1,
    show: asBool,
    isRelied: true,
  },
  { name: 'max(0, -0)', body: floats('max(x, y)'), inputs: [zero, negativeZero], want: zero },
  { name: 'max(-0, 0)', body: floats('max(x, y)'), inputs: [negativeZero, zero], want: zero },
  { name: '1e-42 + 0', body: floats('x + y'), inputs: [subnormal, zero], want: subnormal },
  { name: '1e-42 / 1', body: floats('x / y'), inputs: [subnormal, one], want: subnormal },
  { name: 'max(1e-42, 0)', body: floats('max(x, y)'), inputs: [subnormal, zero], want: subnormal },
  { name: 'Infinity - Infinity', body: floats('x - x'), inputs: [infinity], want: nan },
  {
    name: '(1e8 + 1) - 1e8',
    body: floats('(x + y) - x'),
    inputs: [bitsOf(1e8), one],
    want: zero,
  },
  {
    name: '(0.1 / 3) * 3, the 3 in the text',
    body: floats('(x / 3.0) * 3.0'),
    inputs: [bitsOf(0.1)],
    want: 0x3dcccccd + 1,
    show: asWord,
  },
  {
    name: 'x * x - z in two roundings',
    body: floats('x * y - z'),
    inputs: [bitsOf(1 + 2 ** -12), bitsOf(1 + 2 ** -12), bitsOf(1 + 2 ** -11)],
    want: zero,
  },
  {
    name: 'fma(x, x, -z) in one rounding',
    body: floats('fma(x, y, -z)'),
    inputs: [bitsOf(1 + 2 ** -12), bitsOf(1 + 2 ** -12), bitsOf(1 + 2 ** -11)],
    want: bitsOf(2 ** -24),
  },
  {
    name: 'wrong of 4,096 quotients x / n',
    body: quotients('f32(x) / f32(n)'),
    inputs: [zero],
    want: 0,
    show: asCount,
  },
  {
    name: 'wrong of 4,096 products x * (1 / n)',
    body: quotients('f32(x) * (1.0 / f32(n))'),
    inputs: [zero],
    want: 0,
    show: asCount,
  },
  {
    name: 'a float from bits to bits: signalling NaN',
    body: '  return bitcast<u32>(bitcast<f32>(a));',
    inputs: [0x7f800001],
    want: 0x7f800001,
    show: asWord,
  },
  {
    name: 'pack2x16float(-259132.9)',
    body: '  return pack2x16float(vec2f(bitcast<f32>(a), 0.0));',
    inputs: [bitsOf(-259132.9)],
    want: 0xfc00,
    show: asWord,
  },
  { name: '7 / 0 of u32', body: '  return a / b;', inputs: [7, 0], want: 7, show: asCount },
  {
    name: '0xffffffff + 2 of u32',
    body: '  return a + b;',
    inputs: [0xffffffff, 2],
    want: 1,
    show: asCount,
    isRelied: true,
  },
  {
    name: 'countLeadingZeros(0x00ffffff)',
    body: '  return countLeadingZeros(a);',
    inputs: [0x00ffffff],
    want: 8,
    show: asCount,
    isRelied: true,
  },
  {
    name: '-8 >> 1 of i32',
    body: '  return bitcast<u32>(bitcast<i32>(a) >> 1u);',
    inputs: [0xfffffff8],
    want: 0xfffffffc,
    show: asWord,
    isRelied: true,
  },
]

/** Texts that some compilers take. */
const texts: Readonly<Record<string, string>> = {
  '`1.0 / 0.0` as a constant': '1.0 / 0.0',
  '`bitcast<f32>(0xff800000u)` as a constant': 'bitcast<f32>(0xff800000u)',
  '`-3.40282347e+38f`': '-3.40282347e+38f',
  '`0x1.fffffep+127f`': '0x1.fffffep+127f',
}

export interface Finding {
  readonly name: string
  readonly got: string
  readonly want: string
  readonly isRelied: boolean
}

/** What this device does, probe by probe. */
export async function findHazards(device: GPUDevice): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const { name, body, inputs, want, show = asFloat, isRelied = false } of probes) {
    const bits = await resultOf(device, body, inputs)
    found.push({ name, got: show(bits), want: show(want >>> 0), isRelied })
  }
  for (const [name, text] of Object.entries(texts)) {
    device.pushErrorScope('validation')
    const code = shaderOf(`  return bitcast<u32>(${text});`)
    device.createShaderModule({ code })
    const isTaken = (await device.popErrorScope()) === null
    found.push({ name, got: isTaken ? 'compiles' : 'does not compile', want: '', isRelied: false })
  }
  return found
}

function shaderOf(body: string): string {
  return `@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> output: array<u32>;
${isNearest}
fn probe(a: u32, b: u32, c: u32) -> u32 {
${body}
}
@compute @workgroup_size(1)
fn main() { output[0] = probe(inputs[0], inputs[1], inputs[2]); }`
}

async function resultOf(device: GPUDevice, body: string, inputs: readonly number[]): Promise<number> {
  const [storage, copies, mapRead] = [0x80, 4 | 8, 1]
  const make = (usage: number): GPUBuffer => device.createBuffer({ size: 16, usage })
  const [given, output, staging] = [make(storage | copies), make(storage | copies), make(mapRead | 8)]
  device.queue.writeBuffer(
    given,
    0,
    Uint32Array.from({ length: 4 }, (_, i) => inputs[i] ?? 0),
  )
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: shaderOf(body) }), entryPoint: 'main' },
  })
  const entries = [given, output].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(1)
  pass.end()
  encoder.copyBufferToBuffer(output, 0, staging, 0, 16)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(1)
  const bits = new Uint32Array(staging.getMappedRange())[0]!
  for (const buffer of [given, output, staging]) buffer.destroy()
  return bits
}
