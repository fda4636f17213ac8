#!/bin/sh
# Make sure that plans can be drawn: `dot`, else the Graphviz inside pygraphviz, else Debian's package as root.
# Without any, say what to install; the app then shows tables in place of drawings.
set -u

if dot -V >/dev/null 2>&1; then
    exit 0
fi
if .venv/bin/python -c 'import pygraphviz
pygraphviz.AGraph(string="digraph { a -> b }").draw(format="svg", prog="dot")' >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Graphviz"
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends graphviz >/dev/null && dot -V 2>/dev/null
    then
        exit 0
    fi
fi
echo "Graphviz cannot draw here, so the app shows tables in place of drawings. To get drawings, install it:" >&2
echo "  Debian, Ubuntu: apt-get install graphviz     Fedora: dnf install graphviz     macOS: brew install graphviz" >&2
