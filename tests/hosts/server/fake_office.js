// An Office.js just large enough for xlwings' own JavaScript to register custom functions and call the server.
(() => {
  // Any property of any object exists, any call answers; what matters here is given explicitly.
  const anything = (known = {}) =>
    new Proxy(function () {}, {
      get: (_, name) => (name in known ? known[name] : name === "then" || name === Symbol.toPrimitive ? undefined : anything()),
      set: (_, name, value) => ((known[name] = value), true),
      apply: () => anything(),
      construct: () => anything(),
    });
  const registered = {};
  class CellError extends Error {
    constructor(code, message) {
      super(message);
      this.code = code;
    }
  }
  const workbook = anything({ name: "Book1.xlsx", load() {} });
  const context = { workbook, application: anything({ cultureInfo: anything({ name: "zh-CN" }) }), sync: async () => {} };
  window.Excel = anything({ run: async (...given) => given.pop()(context), RequestContext: class { constructor() { Object.assign(this, context); } } });
  window.CustomFunctions = { associate: (name, call) => (registered[name] = call), Error: CellError, ErrorCode: { invalidValue: "#VALUE!" } };
  window.Office = anything({
    onReady: async (call) => (call ? call({ host: "Excel", platform: "PC" }) : { host: "Excel", platform: "PC" }),
    context: anything({ requirements: { isSetSupported: () => true } }),
    actions: { associate() {} },
  });
  window.fenjiRegistered = registered;
})();
