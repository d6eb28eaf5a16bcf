/**
 * @file Compiles the shaders that come as JSON on standard input, and prints the SPIR-V that Dawn makes of each.
 */
import { text } from 'node:stream/consumers'
import { create } from 'webgpu'

const codes = JSON.parse(await text(process.stdin))
/** Dawn ends the process without it. */
globalThis.dawn = create(['enable-dawn-features=dump_shaders,disable_workgroup_init'])
const device = await (await globalThis.dawn.requestAdapter()).requestDevice()
for (const code of codes) {
  const compute = { module: device.createShaderModule({ code }), entryPoint: 'main' }
  device.createComputePipeline({ layout: 'auto', compute })
}
device.destroy()
