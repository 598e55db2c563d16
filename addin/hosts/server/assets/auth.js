// Who calls: the token entered once in the task pane and kept on this computer, or the company's Entra ID.
globalThis.getAuth = async function () {
  if (config.authProviders.includes("entraid")) return { token: await xlwings.getAccessToken(), provider: "entraid" };
  return { token: localStorage.getItem("fenjiToken") || "", provider: "fenji" };
};
