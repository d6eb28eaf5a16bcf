/**
 * @file Textures of four bytes a pixel, from tensors and to them. Rows of a texture begin at multiples of 256 bytes in a buffer; those of
 * a tensor follow each other.
 */
import { formatValue, invalid } from '../../errors.ts'
import { readNamed } from '../../tensor/read-options.ts'
import type { Context } from './context.ts'
import { assertUsage, GpuTensor } from './gpu-tensor.ts'
import { record, recorderInto } from './step.ts'
import { elementwise, type Program } from './wgsl/program.ts'

/** WebGPU's numbers for textures. */
export const textureUsages = { copySource: 1, copyTarget: 2, binding: 4, attachment: 16 }

export const bytesPerPixel = 4
export const format = 'rgba8unorm'
const rowAlignment = 256

/** The options of `gpu.texture`. */
export interface TextureOptions {
  /** A texture for the pixels, such as a canvas' current one. Default: a new one, to be copied from and bound. */
  readonly out?: GPUTexture
}

/** Pixels of a texture, and its layers. */
export type Size = Required<GPUExtent3DDict>

export function textureOf(context: Context, tensor: GpuTensor, options: TextureOptions): GPUTexture {
  const op = 'gpu.texture'
  context.assertUsable(op)
  GpuTensor.assertUsable(op, 'tensor', tensor, context)
  const { out } = readNamed<TextureOptions>(op, options, ['out'])
  const size = sizeOf(op, tensor, context)
  if (out !== undefined) assertTexture(op, 'out', out, textureUsages.copyTarget, 'COPY_DST')
  if (out !== undefined) assertSize(op, out, size)
  const { copySource, copyTarget, binding } = textureUsages
  const texture =
    out ?? context.device.createTexture({ size, format, usage: copySource | copyTarget | binding })
  const { buffer, offset } = tensor
  copyPixels(context, op, texture, size, { buffer, offset }, 'out')
  return texture
}

/** Copies the pixels of a tensor into a texture (`out`), or those of a texture into a tensor (`in`). */
export function copyPixels(
  context: Context,
  op: string,
  texture: GPUTexture,
  size: Size,
  own: { readonly buffer: GPUBuffer; readonly offset: number },
  direction: 'in' | 'out',
): void {
  const { device } = context
  const { width, height, depthOrArrayLayers: layers } = size
  const bytesPerRow = Math.ceil((width * bytesPerPixel) / rowAlignment) * rowAlignment
  const stride = bytesPerRow / bytesPerPixel
  const outer = height * layers
  const encoder = device.createCommandEncoder()
  const rows = context.scratch(op, bytesPerRow * outer)
  const tensor = { ...own, dtype: 'uint32', part: width } as const
  const padded = { buffer: rows, offset: 0, dtype: 'uint32', part: stride } as const
  const layout = { buffer: rows, bytesPerRow, rowsPerImage: height }
  const move = (from: number, to: number, slices: readonly (typeof tensor | typeof padded)[]) => {
    const step = { program: moveRows, tables: [to, from], slices, outer, perPlane: to, reads: outer * to }
    record(context, step, recorderInto(encoder))
  }
  if (direction === 'in') {
    encoder.copyTextureToBuffer({ texture }, layout, size)
    move(stride, width, [tensor, padded])
  } else {
    move(width, stride, [padded, tensor])
    encoder.copyBufferToTexture(layout, { texture }, size)
  }
  device.queue.submit([encoder.finish()])
  context.release(rows)
}

/** Between rows of two lengths. What lies past the end of a shorter row repeats its last pixel. */
const moveRows: Program = elementwise(
  [
    { name: 'y', dtype: 'uint32', access: 'out' },
    { name: 'x', dtype: 'uint32', access: 'in' },
  ],
  '  return read_x((at / tables[0u]) * tables[1u] + min(at % tables[0u], tables[1u] - 1u));',
  '',
)

/** @throws PoolError unless it is a texture of `format` with the usage, whose layers are pictures */
export function assertTexture(
  op: string,
  argument: string,
  texture: GPUTexture,
  usage: number,
  name: string,
): void {
  if (typeof texture?.createView !== 'function') {
    throw invalid('BAD_PARAM', { op, argument, value: texture }, 'must be a GPUTexture', 'Pass one.')
  }
  const wanted = { format, dimension: '2d', sampleCount: 1 } as const
  for (const [property, value] of Object.entries(wanted)) {
    const given = texture[property as keyof typeof wanted]
    if (given === value) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument: `${argument}.${property}`, value: given },
      `must be ${formatValue(value)}`,
      'Create the texture with it.',
    )
  }
  assertUsage(op, argument, texture, usage, `GPUTextureUsage.${name}`)
}

function assertSize(op: string, texture: GPUTexture, size: Size): void {
  const [given, wanted] = [texture, size].map(({ width, height, depthOrArrayLayers }) => [
    width,
    height,
    depthOrArrayLayers,
  ])
  if (String(given) === String(wanted)) return
  throw invalid(
    'BAD_SHAPE',
    { op, argument: 'out, its size', value: given },
    `must be ${formatValue(wanted)}, the width, height and layers of the tensor`,
    'Create a texture of this size.',
  )
}

function sizeOf(op: string, { dtype, shape }: GpuTensor, context: Context): Size {
  if (dtype !== 'uint8') {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'tensor.dtype', value: dtype },
      'must be uint8',
      'Pool bytes, as gpu.image(source) gives them.',
    )
  }
  const [layers, height, width, channels] = shape as [number, number, number, number]
  if (shape.length !== 4 || channels !== bytesPerPixel || shape.includes(0)) {
    throw invalid(
      'BAD_SHAPE',
      { op, argument: 'tensor.shape', value: shape },
      'must be [N, height, width, 4], without 0',
      'Pool with layout "NHWC" what gpu.image(source) gives.',
    )
  }
  const { maxTextureDimension2D, maxTextureArrayLayers } = context.device.limits
  if (Math.max(width, height) <= maxTextureDimension2D && layers <= maxTextureArrayLayers)
    return { width, height, depthOrArrayLayers: layers }
  throw invalid(
    'LIMIT',
    { op, argument: 'tensor.shape', value: shape },
    `textures of the device have at most ${maxTextureDimension2D} x ${maxTextureDimension2D} pixels and ${maxTextureArrayLayers} layers`,
    'Pool to a smaller size, or a part at a time.',
  )
}
