package fairlead_test

import (
	"go/ast"
	"strings"
)

// typeSpec adds a type and what it shows: fields, methods of an interface.
func (p *surfacePrinter) typeSpec(file *ast.File, spec *ast.TypeSpec) {
	head := *spec
	name := "type " + spec.Name.Name
	switch kind := spec.Type.(type) {
	case *ast.StructType:
		head.Type = ast.NewIdent("struct")
		p.fields(file, name+" struct, ", kind.Fields.List)
	case *ast.InterfaceType:
		head.Type = ast.NewIdent("interface")
		p.methods(file, name+" interface, ", kind.Methods.List)
	}
	if spec.Name.IsExported() {
		p.line(file, "type ", code(&head))
	}
}

// fields adds the exported fields of a struct, each with its tag, which encoders read.
func (p *surfacePrinter) fields(file *ast.File, prefix string, fields []*ast.Field) {
	for _, field := range fields {
		tag := ""
		if field.Tag != nil {
			tag = " " + field.Tag.Value
		}
		for _, name := range field.Names {
			if name.IsExported() {
				p.line(file, prefix, name.Name, typeOf(field.Type), tag)
			}
		}
		if len(field.Names) == 0 && ast.IsExported(typeName(field.Type)) {
			p.line(file, prefix, "embeds ", code(field.Type), tag)
		}
	}
}

// methods adds what an interface asks for. An unexported method is only mentioned: nobody else can implement it.
func (p *surfacePrinter) methods(file *ast.File, prefix string, methods []*ast.Field) {
	for _, method := range methods {
		if len(method.Names) == 0 {
			p.line(file, prefix, code(method.Type))
			continue
		}
		name := method.Names[0]
		if name.IsExported() {
			p.line(file, prefix, name.Name, strings.TrimPrefix(code(method.Type), "func"))
		} else {
			p.line(file, prefix, "unexported methods")
		}
	}
}
