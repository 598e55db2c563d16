// The task pane: enter the token once.
const form = document.getElementById("fenji-token");
if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    localStorage.setItem("fenjiToken", form.elements.token.value.trim());
    form.elements.token.value = "";
    document.getElementById("fenji-saved").hidden = false;
  });
}
