/**
 * @file What a device's compiler says of shaders.
 */

/** The first line of what it says of each that it refuses. Drivers, which take long, compile those that the contract runs. */
export async function refusedShaders(
  device: GPUDevice,
  shaders: readonly string[],
): Promise<readonly string[]> {
  const refused: string[] = []
  for (const code of shaders) {
    device.pushErrorScope('validation')
    device.createShaderModule({ code })
    const error = await device.popErrorScope()
    if (error !== null) refused.push(`${error.message.split('\n')[0]}\n${code}`)
  }
  return refused
}
