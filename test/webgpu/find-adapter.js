/**
 * @file Exits with 0 where Dawn finds an adapter, and prints its name; with 1 where it finds none.
 */
import { create } from 'webgpu'

/** Dawn ends the process without it. */
globalThis.dawn = create([])
const adapter = await globalThis.dawn.requestAdapter()
if (adapter !== null) console.log(`adapter: ${adapter.info.vendor} ${adapter.info.description}`)
process.exitCode = adapter === null ? 1 : 0
