/* Drop zones are a file input that fills its <div class="drop">: dropping works without a script. This marks the zone while a
   file is dragged over it. */

function zoneOf(event) {
  return event.target instanceof Element ? event.target.closest(".drop") : null;
}

document.addEventListener("dragenter", (event) => zoneOf(event)?.classList.add("over"));
document.addEventListener("drop", (event) => zoneOf(event)?.classList.remove("over"));
document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("over");
});
