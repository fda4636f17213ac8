/* The plan editor. Each module does one thing; they meet in the events of the page:

   planChanged {version}    fired by the server: the plan has a new version
   drawingOutdated          fired by the server: the drawing in the page is older than the plan */

import "./camera.js";
import "./connect.js";
import "./files.js";
import "./keys.js";
import "./live.js";
import "./panels.js";
import "./selection.js";
import "./stepper.js";
