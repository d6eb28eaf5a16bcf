/**
 * @file Handwritten digits as a file holds them: a byte for the label, then 28 × 28 pixels of 4 bits, all of it deflated.
 */
import { inputSide } from './lenet.ts'

export interface Digit {
  readonly label: number
  /** 0 for paper to 1 for ink. */
  readonly image: Float32Array
}

export const pixels = inputSide ** 2
const levels = 15
const digitSize = 1 + pixels / 2

/** Rounds pixels to what the file can hold. */
export function rounded(image: Float32Array): Float32Array {
  return image.map((value) => Math.round(value * levels) / levels)
}

/** Before deflating. */
export function packDigits(digits: readonly Digit[]): Uint8Array {
  const bytes = new Uint8Array(digits.length * digitSize)
  digits.forEach(({ label, image }, n) => {
    const start = n * digitSize
    bytes[start] = label
    const level = (i: number) => Math.round(image[i]! * levels)
    for (let i = 0; i < pixels; i += 2) bytes[start + 1 + i / 2] = level(i) * 16 + level(i + 1)
  })
  return bytes
}

export async function inflated(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

export async function unpackDigits(file: Uint8Array<ArrayBuffer>): Promise<readonly Digit[]> {
  const bytes = await inflated(file)
  return Array.from({ length: bytes.length / digitSize }, (_, n) => {
    const start = n * digitSize
    const level = (i: number) => (bytes[start + 1 + (i >> 1)]! >> (i % 2 === 0 ? 4 : 0)) & levels
    return { label: bytes[start]!, image: Float32Array.from({ length: pixels }, (_, i) => level(i) / levels) }
  })
}

/** The digits' images one after another. */
export function joined(digits: readonly Digit[]): Float32Array {
  const images = new Float32Array(digits.length * pixels)
  digits.forEach(({ image }, n) => {
    images.set(image, n * pixels)
  })
  return images
}

/** Moves an image; paper comes in at the edges. */
export function movedBy(image: Float32Array, down: number, right: number): Float32Array {
  return image.map((_, i) => {
    const [row, column] = [Math.floor(i / inputSide) - down, (i % inputSide) - right]
    const isInside = row >= 0 && row < inputSide && column >= 0 && column < inputSide
    return isInside ? image[row * inputSide + column]! : 0
  })
}
