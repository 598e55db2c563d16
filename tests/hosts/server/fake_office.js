// An Office.js for tests: its objects queue calls as the real ones do, and a model of Excel outside the browser takes
// them when the page says sync(). Only what the model knows exists: any other member throws, and so does reading a
// property that was not loaded.
(() => {
  const HOST = "__HOST__";
  const SCHEMA = __SCHEMA__;
  const told = new XMLHttpRequest();
  told.open("GET", `${HOST}/config`, false);
  told.send();
  const config = JSON.parse(told.responseText);

  class OfficeError extends Error {
    constructor(code, message) {
      super(message);
      this.code = code;
      this.name = "RichApi.Error";
    }
  }
  const unknown = (kind, name) => new TypeError(`Office.js has no ${kind}.${String(name)}, or the test's model does not know it`);
  const post = async (path, body) => (await fetch(`${HOST}/${path}`, { method: "POST", body: JSON.stringify(body) })).json();

  let made = 0;
  const stateOf = new WeakMap();

  function object(context, kind, id) {
    const state = { context, kind, id, loaded: {}, children: {} };
    const proxy = new Proxy({}, { get: (_, name) => read(proxy, state, name), set: (_, name, value) => write(state, name, value) });
    stateOf.set(proxy, state);
    context.objects.set(id, proxy);
    return proxy;
  }

  function read(proxy, state, name) {
    if (typeof name === "symbol" || name === "then" || name === "toJSON") return undefined;
    const { context, kind } = state;
    const known = SCHEMA[kind];
    if (name === "load") return (paths) => (context.queue.push({ op: "load", of: state.id, paths: listed(paths) }), proxy);
    if (name === "isNullObject" || name === "items" || name in known.scalars) {
      if (name === "items" && !known.items) throw unknown(kind, name);
      if (!(name in state.loaded)) throw new OfficeError("PropertyNotLoaded", `${kind}.${name} was read without load and sync.`);
      return state.loaded[name];
    }
    if (name in known.objects) {
      state.children[name] ??= child(context, known.objects[name], { op: "get", of: state.id, name });
      return state.children[name];
    }
    if (name in known.methods) {
      return (...args) => {
        const call = { op: "call", of: state.id, name, args: args.map(encoded) };
        return child(context, known.methods[name] ?? "Nothing", call);
      };
    }
    throw unknown(kind, name);
  }

  function child(context, kind, step) {
    const id = `j${(made += 1)}`;
    context.queue.push({ ...step, id });
    return object(context, kind, id);
  }

  function write(state, name, value) {
    if (!SCHEMA[state.kind].scalars[name]) throw unknown(state.kind, `${String(name)} =`);
    state.context.queue.push({ op: "set", of: state.id, name, value });
    state.loaded[name] = value;
    return true;
  }

  const listed = (paths) => (Array.isArray(paths) ? paths : String(paths).split(",")).map((path) => path.trim());
  const encoded = (value) => {
    if (value !== null && typeof value === "object" && stateOf.has(value)) return { $ref: stateOf.get(value).id };
    if (Array.isArray(value)) return value.map(encoded);
    if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, encoded(v)]));
    return value;
  };

  function take(context, proxy, found) {
    const state = stateOf.get(proxy);
    state.loaded.isNullObject ??= false;
    Object.assign(state.loaded, found.scalars ?? {});
    for (const [name, inner] of Object.entries(found.objects ?? {})) {
      state.children[name] ??= object(context, SCHEMA[state.kind].objects[name], inner.id);
      take(context, state.children[name], inner);
    }
    if (found.items) {
      state.loaded.items = found.items.map((inner) => {
        const item = object(context, SCHEMA[state.kind].items, inner.id);
        take(context, item, inner);
        return item;
      });
    }
  }

  class RequestContext {
    constructor() {
      this.queue = [];
      this.objects = new Map();
      this.workbook = object(this, "Workbook", "workbook");
      this.application = object(this, "Application", "application");
    }
    async sync() {
      const queue = this.queue;
      this.queue = [];
      if (!queue.length) return;
      const size = JSON.stringify(queue).length;
      if (config.platform === "OfficeOnline" && size > 5000000) throw new OfficeError("RequestPayloadSizeLimitExceeded", `${size} bytes`);
      const answer = await post("sync", queue);
      for (const [id, found] of Object.entries(answer.found)) take(this, this.objects.get(id), found);
      if (answer.error) throw new OfficeError(answer.error.code, answer.error.message);
    }
  }

  async function run(...given) {
    const context = new RequestContext();
    const result = await given.pop()(context);
    await context.sync();
    return result;
  }

  class CellError extends Error {
    constructor(code, message) {
      super(message);
      this.code = code;
    }
  }

  // The file in slices, one at a time, as Office hands it out.
  async function getFileAsync(type, options, done) {
    if (type !== "compressed") throw unknown("Document", `getFileAsync(${type})`);
    const text = await post("file", {});
    const bytes = Uint8Array.from(atob(text.workbook), (c) => c.charCodeAt(0));
    const size = Math.min(options.sliceSize, config.sliceSize);
    const getSliceAsync = (i, given) =>
      given({ status: "succeeded", value: { index: i, data: Array.from(bytes.slice(i * size, (i + 1) * size)) } });
    done({ status: "succeeded", value: { size: bytes.length, sliceCount: Math.ceil(bytes.length / size), getSliceAsync, closeAsync: (given) => given({}) } });
  }

  window.fenjiRegistered = {};
  window.fenjiActions = {};
  window.Excel = {
    run,
    RequestContext,
    createWorkbook: (workbook) => post("create", { workbook }),
    ShapeType: { image: "Image" },
    CalculationMode: {},
  };
  window.CustomFunctions = {
    associate: (name, call) => (window.fenjiRegistered[name] = call),
    Error: CellError,
    ErrorCode: { invalidValue: "#VALUE!" },
  };
  window.Office = {
    onReady: async (call) => {
      const info = { host: "Excel", platform: config.platform };
      if (call) call(info);
      return info;
    },
    FileType: { Compressed: "compressed" },
    AsyncResultStatus: { Succeeded: "succeeded" },
    PlatformType: { OfficeOnline: "OfficeOnline" },
    context: {
      displayLanguage: config.language,
      platform: config.platform,
      requirements: { isSetSupported: (name, version) => name !== "ExcelApi" || Number(version.split(".")[1]) <= 17 },
      document: { getFileAsync },
    },
    actions: { associate: (id, call) => (window.fenjiActions[id] = call) },
    addin: { showAsTaskpane: async () => {} },
  };

  // The test says what the user does: code to run in this page, one piece after the other.
  (async () => {
    for (;;) {
      const { code } = await (await fetch(`${HOST}/next`)).json();
      let result;
      try {
        result = { value: await new (async () => {}).constructor(code)() };
      } catch (error) {
        result = { error: `${error.name}: ${error.message}`, code: error.code };
      }
      await post("done", result);
    }
  })();
})();
