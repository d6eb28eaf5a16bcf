/**
 * @file The file name of a model's output. Output names are arbitrary text.
 */
import { PoolError } from '../../errors.ts'

/** The longest name that file systems accept, in bytes. */
const longest = 255

/**
 * NAME.npy. Characters other than letters, digits and . _ - are percent-encoded, so no name leaves the folder and no two names share a
 * file.
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
