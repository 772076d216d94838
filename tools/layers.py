"""The layer graph of layers.txt: which folder may use which. For the checks."""

from pathlib import PurePosixPath


class Graph:
    """`below`: node -> the nodes that its line names. A node is a folder, or a file without its
    ending; both as they are written in includes."""

    def __init__(self, text):
        self.below = {}
        for line in text.split("\n"):
            if line and not line.startswith("#"):
                node, _, targets = line.partition(":")
                self.below[node] = targets.split()

    def tops(self):
        return {node.split("/")[0] for node in self.below}

    def inside(self, path):
        """A path of the checkout as includes write it; None where the graph has no say."""
        parts = path.parts[1:] if path.parts[0] == "src" else path.parts
        if len(parts) < 2 or parts[0] not in self.tops() and path.parts[0] != "src":
            return None
        return PurePosixPath(*parts)

    def node_of(self, inside):
        for node in (str(inside.with_suffix("")).removesuffix("_test"), str(inside.parent)):
            if node in self.below:
                return node
        return None

    def reached(self, node):
        """The node and all that it may use."""
        seen, todo = set(), [node]
        while todo:
            next_one = todo.pop()
            if next_one not in seen:
                seen.add(next_one)
                todo += self.below.get(next_one, [])
        return seen

    def allowed(self, inside):
        node = self.node_of(inside)
        nodes = self.reached(node)
        if inside.stem.endswith("_test"):
            top = inside.parts[0]
            ours = [other for other in self.below if other.split("/")[0] == top]
            testing = [other for other in self.below if other.endswith("/testing")]
            for other in [*ours, *testing]:
                nodes |= self.reached(other)
        return nodes

    def problem(self, inside, name):
        """What is wrong with the file's including "name"; None where nothing is."""
        target = self.node_of(PurePosixPath(name))
        if target is None:
            return f'"{name}": write the path from the root of the sources, and give its folder a line in layers.txt'
        if target not in self.allowed(inside):
            return f'"{name}": layers.txt does not let {self.node_of(inside)} use {target}'
        return None

    def problems(self):
        """Of the graph itself: unknown names, cycles."""
        for node, targets in self.below.items():
            for target in targets:
                if target not in self.below:
                    yield f"{node} stands on {target}, which has no line"
                elif node in self.reached(target):
                    yield f"{node} and {target} stand on each other"
