"""The Swagger 2.0 document of the modules that are switched on."""

from typing import Any

from sandbox.routing import Route


def document(title: str, host: str, base_path: str, routes: list[Route[Any]]) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route)
    return {
        "swagger": "2.0",
        "info": {"title": f"{title} User API", "version": "1.0"},
        "host": host,
        "basePath": base_path,
        "schemes": ["http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {
            "basic": {"type": "basic"},
            "bearer": {"type": "apiKey", "in": "header", "name": "Authorization"},
        },
        "tags": [{"name": name} for name in sorted({route.section for route in routes})],
        "paths": paths,
    }


def operation(route: Route[Any]) -> dict[str, Any]:
    parameters = [{"name": name, "in": "path", "required": True, "type": "string"} for name in route.placeholders]
    words = [part.strip("{}") for part in route.path.split("/") if part]
    return {
        "operationId": "_".join([route.method.lower(), *words]),
        "summary": route.handler.__name__.replace("_", " ").capitalize(),
        "tags": [route.section],
        "parameters": parameters,
        "security": [] if route.public else [{"basic": []}, {"bearer": []}],
        "responses": {"200": {"description": "Answered"}},
    }
