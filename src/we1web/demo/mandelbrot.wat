;; One tile of the Mandelbrot set: parameters in on standard input, shades out on standard output.
;;
;; stdin   36 bytes, little endian: left f64, top f64, step f64, width u32, height u32, limit u32
;; stdout  width × height × u16: 0 where the limit was reached, else 1 + 64 × the smooth escape count
;;
;; Uses only IEEE operations that every engine must round alike, so the same tile has the same bytes everywhere. The
;; logarithms of the smooth count are read off the exponent bits of the float: piecewise linear, and exact.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 16)
  (global $parameters i32 (i32.const 64))
  (global $pixels i32 (i32.const 1024))

  ;; Reads until `size` bytes are at `into`; a short input is the caller's mistake and ends the task.
  (func $read_all (param $into i32) (param $size i32)
    (local $got i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $into))
      (i32.store (i32.const 4) (local.get $size))
      (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then (call $proc_exit (i32.const 2))))
      (local.set $got (i32.load (i32.const 8)))
      (if (i32.eqz (local.get $got)) (then (call $proc_exit (i32.const 3))))
      (local.set $into (i32.add (local.get $into) (local.get $got)))
      (local.set $size (i32.sub (local.get $size) (local.get $got)))
      (br_if $more (local.get $size))))

  (func $write_all (param $from i32) (param $size i32)
    (local $sent i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $from))
      (i32.store (i32.const 4) (local.get $size))
      (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then (call $proc_exit (i32.const 4))))
      (local.set $sent (i32.load (i32.const 8)))
      (local.set $from (i32.add (local.get $from) (local.get $sent)))
      (local.set $size (i32.sub (local.get $size) (local.get $sent)))
      (br_if $more (local.get $size))))

  ;; The base-2 logarithm, linear between powers of two: exponent and mantissa bits read as one fixed-point number.
  (func $log2 (param $x f64) (result f64)
    (f64.sub
      (f64.mul (f64.convert_i64_s (i64.reinterpret_f64 (local.get $x))) (f64.const 0x1p-52))
      (f64.const 1023)))

  ;; 64 × (n + 8 - log2(log2(|z|²))), which varies smoothly from one escape count to the next.
  (func $smooth (param $n i32) (param $norm f64) (result i32)
    (i32.add
      (i32.const 1)
      (i32.trunc_sat_f64_u
        (f64.mul
          (f64.const 64)
          (f64.sub
            (f64.add (f64.convert_i32_u (local.get $n)) (f64.const 8))
            (call $log2 (call $log2 (local.get $norm))))))))

  (func $shade (param $cx f64) (param $cy f64) (param $limit i32) (result i32)
    (local $x f64) (local $y f64) (local $xx f64) (local $yy f64) (local $n i32)
    (loop $iterate
      (local.set $y (f64.add (f64.mul (f64.mul (f64.const 2) (local.get $x)) (local.get $y)) (local.get $cy)))
      (local.set $x (f64.add (f64.sub (local.get $xx) (local.get $yy)) (local.get $cx)))
      (local.set $xx (f64.mul (local.get $x) (local.get $x)))
      (local.set $yy (f64.mul (local.get $y) (local.get $y)))
      (if (f64.gt (f64.add (local.get $xx) (local.get $yy)) (f64.const 65536))
        (then (return (call $smooth (local.get $n) (f64.add (local.get $xx) (local.get $yy))))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $iterate (i32.lt_u (local.get $n) (local.get $limit))))
    (i32.const 0))

  (func (export "_start")
    (local $width i32) (local $height i32) (local $limit i32) (local $row i32) (local $column i32) (local $at i32)
    (local $left f64) (local $top f64) (local $step f64)
    (call $read_all (global.get $parameters) (i32.const 36))
    (local.set $left (f64.load (global.get $parameters)))
    (local.set $top (f64.load offset=8 (global.get $parameters)))
    (local.set $step (f64.load offset=16 (global.get $parameters)))
    (local.set $width (i32.load offset=24 (global.get $parameters)))
    (local.set $height (i32.load offset=28 (global.get $parameters)))
    (local.set $limit (i32.load offset=32 (global.get $parameters)))
    (local.set $at (global.get $pixels))
    (loop $rows
      (local.set $column (i32.const 0))
      (loop $columns
        (i32.store16 (local.get $at)
          (call $shade
            (f64.add (local.get $left) (f64.mul (f64.convert_i32_u (local.get $column)) (local.get $step)))
            (f64.add (local.get $top) (f64.mul (f64.convert_i32_u (local.get $row)) (local.get $step)))
            (local.get $limit)))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br_if $columns (i32.lt_u (local.get $column) (local.get $width))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $rows (i32.lt_u (local.get $row) (local.get $height))))
    (call $write_all (global.get $pixels) (i32.sub (local.get $at) (global.get $pixels)))))
