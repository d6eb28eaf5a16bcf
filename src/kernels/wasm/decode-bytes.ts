/**
 * @file The bytes of a module that is inlined as text. They are decoded in WebAssembly: a program's first call waits for them, and a loop
 * of JavaScript would run in the interpreter.
 */
import { decoderBytes } from './generated/decoder.ts'
import { traded } from './generated/traded.ts'

const [pageBytes, textAt] = [65536, 1024]

interface Decoder {
  readonly memory: WebAssembly.Memory
  /** See assembly/decode.ts. */
  decode(text: number, end: number): number
}

export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const module = new WebAssembly.Module(Uint8Array.from(decoderBytes))
  const { memory, decode } = new WebAssembly.Instance(module).exports as unknown as Decoder
  memory.grow(Math.ceil((textAt + text.length) / pageBytes))
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer)
  writeTable(bytes)
  new TextEncoder().encodeInto(text, bytes.subarray(textAt))
  return bytes.slice(textAt, decode(textAt, textAt + text.length))
}

/** The byte of each digit: the digit, 90 more, and 180 more. Traded bytes have changed places. */
function writeTable(table: Uint8Array): void {
  for (let value = 0; value < 256; value++) {
    const digit = value % 90
    const at = Math.floor(value / 90) * 128 + (digit === 57 ? 33 : digit + 35)
    table[at] = traded[traded.indexOf(value) ^ 1] ?? value
  }
}
