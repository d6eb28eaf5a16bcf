/**
 * @file Runs the contract of pool2d/webgpu in Deno, whose compiler of shaders, naga, is another than Dawn's: on SwiftShader from npm and on
 * lavapipe where the machine has it. Then the examples of the documents, with the installed package.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from '../install.js'
import { bundleTrials } from './bundle-trials.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const descriptions = '/usr/share/vulkan/icd.d'

/** @returns true if the shaders keep the contract on every driver */
export async function tryWebGpu(folder, command) {
  install('test/webgpu')
  const { driverEnvironment } = await import('../../test/webgpu/swiftshader.js')
  await bundleTrials(folder, 'gpu-trials', 'web/test/support/webgpu-trials.ts')
  await bundleTrials(folder, 'shaders', 'test/webgpu/shaders.ts')
  copyFileSync(new URL('gpu.js', import.meta.url), join(folder, 'gpu.js'))
  copyFileSync(join(root, 'docs/webgpu.md'), join(folder, 'webgpu.md'))
  const examples = writeExamples(folder)
  const drivers = [['SwiftShader', driverEnvironment()], ...softwareDrivers()]
  return drivers.map(([name, env]) => runAll(name, env)).every(Boolean)

  function runAll(name, env) {
    console.log(`Deno on ${name}:`)
    const full = { ...process.env, XDG_RUNTIME_DIR: folder, ...env }
    if (run('gpu.js', full, 'inherit').status !== 0) return false
    return examples.every(({ file, promised }) => {
      const { status, stdout } = run(file, full, ['ignore', 'pipe', 'inherit'])
      const isRight = status === 0 && stdout.trim() === promised
      console.log(`${file} printed ${stdout.trim()}${isRight ? '' : `: FAILED, promised ${promised}`}`)
      return isRight
    })
  }

  function run(file, env, stdio) {
    const [program, ...options] = command
    return spawnSync(join('node_modules/.bin', program), [...options, file], {
      cwd: folder,
      encoding: 'utf8',
      env,
      stdio,
    })
  }
}

/** The blocks of README.md and docs/webgpu.md that need nothing but the package, as files, with the lines that they promise. */
function writeExamples(folder) {
  return ['README.md', 'docs/webgpu.md'].flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm)]
      .map((match) => match[1])
      .filter((code) => code.includes("'pool2d/webgpu'") && !/'(?!pool2d)[@\w-]+\/[\w-]+'/.test(code))
      .map((code, i) => {
        const file = `${name.replace(/\W+/g, '-')}-${i + 1}.js`
        writeFileSync(join(folder, file), asJson(code))
        return { file, promised: [...code.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]).join('\n') }
      }),
  )
}

/** Prints what the documents promise: JSON, but for texts. */
function asJson(code) {
  const shown = "const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value))\n"
  return `${shown}${code.replace(/console\.log\((.*)\)( \/\/ → )/g, 'console.log([$1].map(shown).join(" "))$2')}`
}

/** lavapipe, where the machine has it. */
function softwareDrivers() {
  const found = existsSync(descriptions) ? readdirSync(descriptions).filter((name) => /^lvp/.test(name)) : []
  if (found.length === 0) console.log('lavapipe: NOT TRIED, install mesa-vulkan-drivers to have it')
  return found.map((name) => ['lavapipe', { VK_ICD_FILENAMES: join(descriptions, name) }])
}
