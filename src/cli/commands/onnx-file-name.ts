/**
 * @file The file for an output of a model, whose name may be anything.
 */
import { PoolError } from '../../errors.ts'

/** What file systems take in one name. */
const longest = 255

/**
 * NAME.npy; what is no letter, digit or . _ - comes as %XX, byte by byte, so no name leaves its folder and no two share a file.
 *
 * @throws PoolError "BAD_PATH" for a name too long for a file
 */
export function fileNameOf(output: string): string {
  const bytes = new TextEncoder().encode(output)
  const encoded = Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte)
    return /[\w.-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
  const file = `${encoded}.npy`
  if (file.length <= longest) return file
  throw new PoolError(
    'BAD_PATH',
    `output ${JSON.stringify(output.slice(0, 40))}…: its file would have ${file.length} characters; must be at most ${longest}. Rename the output.`,
    { argument: 'output', value: output },
  )
}
