// The token every call carries; entered once in the task pane, kept on this computer.
globalThis.getAuth = async function () {
  return { token: localStorage.getItem("fenjiToken") || "", provider: "fenji" };
};
