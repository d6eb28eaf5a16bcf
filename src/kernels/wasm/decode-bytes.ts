/**
 * @file The bytes of a module that is inlined as text. They are decoded in WebAssembly: a program's first call waits for them, and a loop
 * of JavaScript would run in the interpreter.
 */
import { decoderBytes } from './generated/decoder.ts'
import { traded } from './generated/traded.ts'

const [pageBytes, textAt] = [65536, 1024]

/** See assembly/decode.ts. */
type Decode = (text: number, end: number) => number

export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const { bytes, decode } = openDecoder(textAt + text.length)
  writeTable(bytes)
  new TextEncoder().encodeInto(text, bytes.subarray(textAt))
  return bytes.slice(textAt, decode(textAt, textAt + text.length))
}

function openDecoder(length: number): { bytes: Uint8Array<ArrayBuffer>; decode: Decode } {
  const module = new WebAssembly.Module(Uint8Array.from(decoderBytes))
  try {
    const { memory, decode } = new WebAssembly.Instance(module).exports as unknown as {
      memory: WebAssembly.Memory
      decode: Decode
    }
    memory.grow(Math.ceil(length / pageBytes))
    return { bytes: new Uint8Array(memory.buffer as ArrayBuffer), decode }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // Every instance reserves gigabytes of addresses, which a process may not have.
    const bytes = new Uint8Array(length)
    return { bytes, decode: decoderOf(bytes) }
  }
}

/** What assembly/decode.ts does, in these bytes. */
function decoderOf(bytes: Uint8Array): Decode {
  return (text, end) => {
    let to = text
    for (let at = text; at < end; at++, to++) {
      const sign = bytes[at]!
      bytes[to] = bytes[sign < 125 ? sign : ((sign - 124) << 7) + bytes[++at]!]!
    }
    return to
  }
}

/** The byte of each digit: the digit, 90 more, and 180 more. Traded bytes have changed places. */
function writeTable(table: Uint8Array): void {
  for (let value = 0; value < 256; value++) {
    const digit = value % 90
    const at = Math.floor(value / 90) * 128 + (digit === 57 ? 33 : digit + 35)
    table[at] = traded[traded.indexOf(value) ^ 1] ?? value
  }
}
