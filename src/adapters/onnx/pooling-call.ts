/**
 * @file Turns a node into a call of the core. Global operators have one window over all spatial axes.
 */
import { type Call, type ResolvedCall, resolveCall } from '../../ops/call.ts'
import { wholePlane } from '../../ops/geometry/adaptive.ts'
import type { ResolvedGeometry } from '../../ops/geometry/geometry.ts'
import { type TensorAxes, tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import { planAxis } from '../../plan/axis.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { NodeCall } from './call.ts'
import { windowsOf } from './windows.ts'

/** The call that a reduction of the core runs on X. */
export function poolingCall<S>(node: NodeCall, x: Tensor, settings: S, countPadding = false): Call<S> {
  return { ...resolveNode(node, x.shape, countPadding), x, settings, given: {} }
}

/** The windows of a node on an input of `shape`, with a batch, channels and at least one spatial axis. */
export function resolveNode(node: NodeCall, shape: readonly number[], countPadding = false): ResolvedCall {
  const axes = tensorAxesOf(node.label, shape, 0, node.layout ?? 'NCHW')
  return resolveCall(node.label, axes, isGlobal(node) ? wholePlane : byKernelShape(node), countPadding)
}

export function isGlobal({ schema }: NodeCall): boolean {
  return schema.name.startsWith('Global')
}

function byKernelShape({ label, values, choices }: NodeCall): (axes: TensorAxes) => ResolvedGeometry {
  return ({ spatial }) => {
    const windows = windowsOf(label, values, spatial, choices)
    return {
      sizes: windows.map(({ outSize }) => outSize),
      axes: (countPadding) => windows.map((window) => planAxis(window, countPadding)),
    }
  }
}
