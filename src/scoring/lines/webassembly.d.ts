// What is used of WebAssembly; the declarations of Node know only its modules, those of browsers bring much else.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true })
    readonly buffer: SharedArrayBuffer
  }
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } })
    readonly exports: object
  }
  function compile(bytes: Uint8Array): Promise<Module>
}
