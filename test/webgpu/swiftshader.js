/**
 * @file A graphics driver in software, SwiftShader, from the package of Chromium, for machines without a GPU.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'

const modules = fileURLToPath(new URL('node_modules', import.meta.url))
const folder = join(modules, '.cache/swiftshader')

/** What the loader of Vulkan reads: the driver's description, and where the loader itself lies. */
export function driverEnvironment() {
  if (!existsSync(folder)) unpack(join(modules, '@sparticuz/chromium/bin/swiftshader.tar.br'))
  const { LD_LIBRARY_PATH: others } = process.env
  return {
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: others === undefined ? folder : `${others}:${folder}`,
  }
}

/** Writes the files of a compressed tar to a new folder, which is put in place whole. */
function unpack(archive) {
  const tar = brotliDecompressSync(readFileSync(archive))
  const fresh = `${folder}-${process.pid}`
  mkdirSync(fresh, { recursive: true })
  for (let at = 0; tar[at] !== 0 && at < tar.length; ) {
    const name = textOf(tar, at, 100)
    const size = Number.parseInt(textOf(tar, at + 124, 12), 8)
    at += 512
    if (!name.endsWith('/')) {
      const file = join(fresh, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, tar.subarray(at, at + size))
    }
    at += Math.ceil(size / 512) * 512
  }
  renameSync(fresh, folder)
}

function textOf(bytes, from, length) {
  return bytes.toString('latin1', from, from + length).replace(/\0.*$/s, '')
}
