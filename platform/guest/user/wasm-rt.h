// What wasm2c's output includes, in place of the file of that name that comes with it: the same types, for one module
// without tables that runs where the MMU checks bounds.

#ifndef WASM_RT_H_
#define WASM_RT_H_

#include "../gate.h"

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define wasm_rt_memcpy __builtin_memcpy
#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 1 // no bounds checks: what lies outside is not mapped
#define WASM_RT_CORE_TYPES_DEFINED
typedef float f32;
typedef double f64;

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
} wasm_rt_trap_t;

typedef enum {
  WASM_RT_I32,
  WASM_RT_I64,
  WASM_RT_F32,
  WASM_RT_F64,
  WASM_RT_FUNCREF,
  WASM_RT_EXTERNREF,
} wasm_rt_type_t;

typedef void (*wasm_rt_function_ptr_t)(void);
typedef struct {
  u32 func_type;
  wasm_rt_function_ptr_t func;
  void *module_instance;
} wasm_rt_funcref_t;
typedef void *wasm_rt_externref_t;
static const wasm_rt_funcref_t wasm_rt_funcref_null_value = {0, NULL, NULL};
static const wasm_rt_externref_t wasm_rt_externref_null_value = NULL;

typedef struct {
  u8 *data;
  u32 pages, max_pages; // of 64 KiB
  u32 size;
} wasm_rt_memory_t;
typedef struct {
  wasm_rt_funcref_t *data;
  u32 max_size, size;
} wasm_rt_funcref_table_t;
typedef struct {
  wasm_rt_externref_t *data;
  u32 max_size, size;
} wasm_rt_externref_table_t;

__attribute__((noreturn)) void wasm_rt_trap(wasm_rt_trap_t reason);
bool wasm_rt_is_initialized(void);
u32 wasm_rt_register_func_type(u32 parameters, u32 results, ...);
u32 wasm_rt_grow_memory(wasm_rt_memory_t *memory, u32 pages);

#endif
