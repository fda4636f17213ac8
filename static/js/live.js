/* Which version of the plan this page has seen, so that the poll asks only for what others did after it.

   A version that skips one leaves the mark where it is: the poll then brings what lies between. */

const live = document.getElementById("live");
const after = document.getElementById("live-after");

function see(version) {
  if (version === Number(after.value) + 1) after.value = version;
}

function watch() {
  document.body.addEventListener("planChanged", (event) => {
    if (event.detail.elt === live) after.value = event.detail.version;
    else see(event.detail.version);
  });
}

if (live) watch();
