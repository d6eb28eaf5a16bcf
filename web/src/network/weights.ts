/**
 * @file Weights as a file holds them: for each layer and output a float32 scale and bias, then the weights as int8. Networks after the
 * first are kept as differences from it, since they began with its weights, and all is deflated.
 */
import { inflated } from './digits.ts'
import { emptyNetwork, type Network } from './lenet.ts'

const steps = 127

/** Bytes of one network. */
export const packedSize = emptyNetwork().reduce(
  (size, { outputs, weights }) => size + 8 * outputs + weights.length,
  0,
)

export function pack(network: Network): Uint8Array {
  const bytes = new Uint8Array(packedSize)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const { outputs, weights, bias } of network) {
    const each = weights.length / outputs
    for (let o = 0; o < outputs; o++) {
      const row = weights.subarray(o * each, (o + 1) * each)
      const scale = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-12) / steps
      view.setFloat32(at, scale, true)
      view.setFloat32(at + 4, bias[o]!, true)
      row.forEach((weight, i) => {
        view.setInt8(at + 8 + i, Math.round(weight / scale))
      })
      at += 8 + each
    }
  }
  return bytes
}

export function unpack(bytes: Uint8Array): Network {
  const network = emptyNetwork()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (const { outputs, weights, bias } of network) {
    const each = weights.length / outputs
    for (let o = 0; o < outputs; o++) {
      const scale = view.getFloat32(at, true)
      bias[o] = view.getFloat32(at + 4, true)
      for (let i = 0; i < each; i++) weights[o * each + i] = scale * view.getInt8(at + 8 + i)
      at += 8 + each
    }
  }
  return network
}

/** Packed networks as differences, before deflating. */
export function toDifferences(networks: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return networks.map((byte, i) => (i < packedSize ? byte : byte - networks[i % packedSize]!))
}

/** The networks of a file. */
export async function unpackAll(file: Uint8Array<ArrayBuffer>): Promise<readonly Network[]> {
  const bytes = await inflated(file)
  const packed = bytes.map((byte, i) => (i < packedSize ? byte : byte + bytes[i % packedSize]!))
  return Array.from({ length: packed.length / packedSize }, (_, n) =>
    unpack(packed.subarray(n * packedSize, (n + 1) * packedSize)),
  )
}
