/**
 * @file What a module exports: one line for each kernel and dtype, the same in the SIMD build and its scalar twin.
 */
import { spread, transpose } from './layout'
import { locate } from './locate'
import { scan } from './scan'
import { scatter } from './scatter'
import { select } from './select'
import { Lift, sum } from './sum'

export function selectMaxF32(grid: usize): bool { return select<f32>(grid, false, false) }
export function selectMinF32(grid: usize): bool { return select<f32>(grid, true, false) }
export function selectMaxF64(grid: usize): bool { return select<f64>(grid, false, false) }
export function selectMinF64(grid: usize): bool { return select<f64>(grid, true, false) }
export function strictMaxF32(grid: usize): bool { return select<f32>(grid, false, true) }
export function strictMinF32(grid: usize): bool { return select<f32>(grid, true, true) }
export function strictMaxF64(grid: usize): bool { return select<f64>(grid, false, true) }
export function strictMinF64(grid: usize): bool { return select<f64>(grid, true, true) }
export function selectI8(grid: usize): bool { return select<i8>(grid, false, false) }
export function selectI16(grid: usize): bool { return select<i16>(grid, false, false) }
export function selectI32(grid: usize): bool { return select<i32>(grid, false, false) }

export function locateMaxF32(grid: usize): void { locate<f32>(grid, false) }
export function locateMinF32(grid: usize): void { locate<f32>(grid, true) }
export function locateMaxF64(grid: usize): void { locate<f64>(grid, false) }
export function locateMinF64(grid: usize): void { locate<f64>(grid, true) }
export function locateI32(grid: usize): void { locate<i32>(grid, false) }

export function scanMaxF32(chain: usize): bool { return scan<f32>(chain, false, false, false) }
export function scanMinF32(chain: usize): bool { return scan<f32>(chain, false, true, false) }
export function scanMaxF64(chain: usize): bool { return scan<f64>(chain, false, false, false) }
export function scanMinF64(chain: usize): bool { return scan<f64>(chain, false, true, false) }
export function scanStrictMaxF32(chain: usize): bool { return scan<f32>(chain, false, false, true) }
export function scanStrictMinF32(chain: usize): bool { return scan<f32>(chain, false, true, true) }
export function scanStrictMaxF64(chain: usize): bool { return scan<f64>(chain, false, false, true) }
export function scanStrictMinF64(chain: usize): bool { return scan<f64>(chain, false, true, true) }
export function scanI8(chain: usize): bool { return scan<i8>(chain, false, false, false) }
export function scanI16(chain: usize): bool { return scan<i16>(chain, false, false, false) }
export function scanI32(chain: usize): bool { return scan<i32>(chain, false, false, false) }
export function scanSumF32(chain: usize): bool { return scan<f32>(chain, true, false, false) }
export function scanSumF64(chain: usize): bool { return scan<f64>(chain, true, false, false) }

export function sumF32(grid: usize): void { sum<f32>(grid, Lift.None) }
export function sumF64(grid: usize): void { sum<f64>(grid, Lift.None) }
export function sumAbsF64(grid: usize): void { sum<f64>(grid, Lift.Abs) }
export function sumSquareF64(grid: usize): void { sum<f64>(grid, Lift.Square) }

export function scatterF32(dy: usize, indices: usize, dx: usize, planes: i32, outputs: i32, inner: i32, pitch: usize): void {
  scatter<f32>(dy, indices, dx, planes, outputs, inner, pitch)
}
export function scatterF64(dy: usize, indices: usize, dx: usize, planes: i32, outputs: i32, inner: i32, pitch: usize): void {
  scatter<f64>(dy, indices, dx, planes, outputs, inner, pitch)
}

export function spread1(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u8>(src, dst, rows, size, inner, stride, before, phase)
}
export function spread2(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u16>(src, dst, rows, size, inner, stride, before, phase)
}
export function spread4(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u32>(src, dst, rows, size, inner, stride, before, phase)
}
export function spread8(src: usize, dst: usize, rows: i32, size: i32, inner: i32, stride: i32, before: i32, phase: i32): void {
  spread<u64>(src, dst, rows, size, inner, stride, before, phase)
}

export function transpose1(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u8>(src, dst, planes, rows, cols) }
export function transpose2(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u16>(src, dst, planes, rows, cols) }
export function transpose4(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u32>(src, dst, planes, rows, cols) }
export function transpose8(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void { transpose<u64>(src, dst, planes, rows, cols) }
